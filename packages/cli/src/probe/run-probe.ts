import type { Clock } from '@behalf/core'
import { pause } from '@behalf/core/internal'
import { CommandError } from '../terminal/command.ts'
import type { Bench, Experiment } from './experiment.ts'
import type { ExperimentFacts, OktaFacts } from './report.ts'

/** How many tokens are asked for at most until the new server is ready. */
export const readyTries = 10
const readyPauseMs = 3_000

/**
 * Waits until the new server issues tokens and calls the hook: what was just made is not known everywhere at once.
 *
 * @throws CommandError when it does not, after half a minute
 */
export async function untilReady(bench: Bench, clock: Clock): Promise<void> {
  let missing = ''
  for (let tries = 0; tries < readyTries; tries++) {
    const { token, event, error } = await bench.requestToken()
    if (token !== undefined && event !== undefined) return
    missing =
      token === undefined ? `issues no token: ${error ?? 'no reason given'}` : 'does not call the hook'
    await pause(clock, readyPauseMs)
  }
  throw new CommandError(
    `the authorization server that was made ${missing}; nothing can be found out with it`,
  )
}

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
