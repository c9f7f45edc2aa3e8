import { pass } from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import type { Step, StepContext, StepOutcome } from './step.ts'

/** What is known of a run while it is under way, for the decision record. */
export interface Progress {
  /** The step that is running, or that ended the run. */
  step: string
  /** What the last complete step produced; each step's result holds all that came before. */
  reached: object
  /** Told how each step ended, for those who want to follow. */
  readonly onStepEnd?: ((step: string, outcome: StepOutcome<object>, reached: object) => void) | undefined
  /** Does the work of a step, and returns what it does; for those who want to know how long it takes. */
  readonly aroundStep?: AroundStep | undefined
}

/** Does the work of a step. */
export type AroundStep = <Out>(
  step: string,
  work: () => StepOutcome<Out> | Promise<StepOutcome<Out>>,
) => StepOutcome<Out> | Promise<StepOutcome<Out>>

/** Runs all steps in order until one denies. */
export type Run<In, Out> = (
  input: In,
  context: StepContext,
  progress: Progress,
) => StepOutcome<Out> | Promise<StepOutcome<Out>>

/** Steps in the order they run, each typed to take what the one before it produces. */
export class Steps<In extends object, Out extends object> {
  readonly run: Run<In, Out>

  private constructor(run: Run<In, Out>) {
    this.run = run
  }

  static first<In extends object, Out extends object>(name: string, step: Step<In, Out>): Steps<In, Out> {
    return new Steps<In, In>(pass).next(name, step)
  }

  /** Adds a step that a configuration may do without: then it costs nothing, and nobody is told of it. */
  nextWhere(isUsed: (context: StepContext) => boolean, name: string, step: Step<Out, Out>): Steps<In, Out> {
    const { run } = this.next(name, step)
    return new Steps<In, Out>((input, context, progress) =>
      isUsed(context) ? run(input, context, progress) : this.run(input, context, progress),
    )
  }

  next<Next extends object>(name: string, step: Step<Out, Next>): Steps<In, Next> {
    return new Steps<In, Next>((input, context, progress) => {
      const finish = (after: StepOutcome<Next>): StepOutcome<Next> => {
        if (after.ok) progress.reached = after.value
        progress.onStepEnd?.(name, after, progress.reached)
        return after
      }
      return andThen(this.run(input, context, progress), (before) => {
        if (!before.ok) return before
        progress.step = name
        const { aroundStep } = progress
        const outcome =
          aroundStep === undefined
            ? step(before.value, context)
            : aroundStep(name, () => step(before.value, context))
        return andThen(outcome, finish)
      })
    })
  }
}
