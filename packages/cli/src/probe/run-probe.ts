import type { Clock } from '@behalf/core'
import { inTime, late, pause, waitFor } from '@behalf/core/internal'
import type { FactId } from '@behalf/sandbox'
import { CommandError } from '../terminal/command.ts'
import { benchUntil } from './bench-until.ts'
import type { Bench, Observation, Question } from './question.ts'
import type { Fact, FactsFile } from './report.ts'

/** How many tokens are asked for at most until the new server is ready. */
export const readyTries = 10
const readyPauseMs = 3_000
/** One question may wait for events of the System Log, which take their time. */
const questionTimeoutMs = 120_000
/** After that it puts back what it has changed, once the request is answered that is under way. */
const overTimeoutMs = 60_000
/** A run that takes longer than this is not what anybody has agreed to. */
const runTimeoutMs = 1_200_000

/**
 * Waits until the new server issues tokens and calls the hook: what was just made is not known everywhere at once.
 *
 * @throws CommandError when it does not, after half a minute
 */
export async function untilReady(bench: Bench, clock: Clock): Promise<void> {
  let missing = ''
  for (let tries = 0; tries < readyTries; tries++) {
    const { token, event, error } = await bench.requestToken({ mayBreakOff: true })
    if (token !== undefined && event !== undefined) return
    missing =
      token === undefined ? `issues no token: ${error ?? 'no reason given'}` : 'does not call the hook'
    await pause(clock, readyPauseMs)
  }
  throw new CommandError(
    `the authorization server that was made ${missing}; nothing can be found out with it`,
  )
}

/** Asks questions, one after the other; one that cannot be answered does not keep the others from being asked. */
export async function askQuestions(
  chosen: readonly Question[],
  bench: Bench,
  clock: Clock,
  onStart: (question: Question) => void,
): Promise<FactsFile> {
  const facts: Record<string, Fact> = {}
  const endsAt = clock.now() + runTimeoutMs
  let disturber: FactId | undefined
  for (const question of chosen) {
    onStart(question)
    const needed = question.needs?.find((id) => facts[id] !== undefined && facts[id].verdict !== 'yes')
    if (needed !== undefined) facts[question.id] = unclear(question, `it needs ${needed} to be as assumed`)
    else if (clock.now() > endsAt) facts[question.id] = unclear(question, 'the run took too long')
    else if (disturber !== undefined)
      facts[question.id] = unclear(question, `${disturber} is not over and would disturb it`)
    else {
      const { fact, isOver } = await askOne(question, bench, clock)
      facts[question.id] = fact
      if (!isOver) disturber = question.id
    }
  }
  return { version: 2, probedOn: new Date(clock.now()).toISOString().slice(0, 10), facts }
}

/** What was found out, and whether nothing of the question goes on. */
interface Asked {
  readonly fact: Fact
  readonly isOver: boolean
}

async function askOne(question: Question, bench: Bench, clock: Clock): Promise<Asked> {
  let observing: Promise<Observation> | undefined
  const observe = (signal: AbortSignal): Promise<Observation> => {
    observing = question.observe(benchUntil(bench, signal))
    return observing
  }
  try {
    const observed = await inTime(observe, { clock, timeoutMs: questionTimeoutMs })
    if (observed !== late) return { fact: factOf(question, observed), isOver: true }
    // However it ends: what it might have found, it has found too late.
    const over = Promise.allSettled([observing])
    const isOver = (await waitFor(over, { clock, timeoutMs: overTimeoutMs })) !== late
    return { fact: unclear(question, 'it took too long'), isOver }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { fact: unclear(question, withoutPlaces(error.message)), isOver: true }
  }
}

function factOf({ assumed }: Question, { outcome, seen }: Observation): Fact {
  const verdict = outcome === assumed ? 'yes' : 'no'
  return { verdict, assumed, outcome, ...(seen === undefined ? {} : { seen }) }
}

/** What is written names neither the org, nor where its hook is, nor what was made there: Okta's ids have 20 characters. */
function withoutPlaces(message: string): string {
  return message
    .replaceAll(/https?:\/\/[^\s:;,]+(:\d+)?[^\s:;,]*/g, '(a URL)')
    .replaceAll(/\/(?!authorizationServers\b)\w{20}\b/g, '/(an id)')
}

function unclear({ assumed }: Question, why: string): Fact {
  return { verdict: 'unclear', assumed, why }
}
