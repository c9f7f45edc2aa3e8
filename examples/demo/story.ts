/** One step of the demo and how it went. */
export interface Step {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** Runs the demo's steps, telling them as they happen, and stops at the first that does not hold. */
export class Story {
  readonly steps: Step[] = []
  readonly #print: (line: string) => void

  /** @param print - where the telling goes; nowhere when the steps are wanted as data */
  constructor(print: (line: string) => void) {
    this.#print = print
  }

  /**
   * Runs one step.
   *
   * @param act - does the step and resolves to what there is to tell; throws when it does not hold
   */
  async step<Result extends { readonly detail: string }>(
    name: string,
    act: () => Promise<Result>,
  ): Promise<Result> {
    this.#print(`\n${this.steps.length + 1}. ${name}`)
    try {
      const result = await act()
      this.steps.push({ name, ok: true, detail: result.detail })
      for (const line of result.detail.split('\n')) this.#print(`   ${line}`)
      return result
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      this.steps.push({ name, ok: false, detail })
      this.#print(`   ✗ ${detail}`)
      throw error
    }
  }

  /** Whether every step so far held. */
  get ok(): boolean {
    return this.steps.length > 0 && this.steps.every((step) => step.ok)
  }
}

/** Says that a step does not hold unless the condition does. */
export function hold(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise)
}
