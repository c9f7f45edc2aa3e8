import type { Clock } from '@behalf/core'
import { CommandError } from '../terminal/command.ts'
import type { Bench, Experiment } from './experiment.ts'
import type { ExperimentFacts, OktaFacts } from './report.ts'

/** Makes experiments, one after the other; one that fails does not keep the others from being made. */
export async function runExperiments(
  chosen: readonly Experiment[],
  bench: Bench,
  clock: Clock,
  onStart: (experiment: Experiment) => void,
): Promise<OktaFacts> {
  const experiments: Record<string, ExperimentFacts> = {}
  for (const experiment of chosen) {
    const { name, question } = experiment
    onStart(experiment)
    try {
      experiments[name] = { question, facts: await experiment.run(bench) }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      experiments[name] = { question, failed: error.message }
    }
  }
  return { version: 1, probedOn: new Date(clock.now()).toISOString().slice(0, 10), experiments }
}
