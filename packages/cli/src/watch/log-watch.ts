import type { Clock, JsonObject } from '@behalf/core'
import { concernsAnotherHook, concernsHook, hookEvents, namesHook } from '../okta/hook-events.ts'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { hookIdOf, isActive, type LocatedRule, listRules, nameOfRule, servesMachines } from '../okta/rules.ts'
import { failedCallOf, grantType, isGrantOf, requestOf, type Sighting, sightingOf } from './sighting.ts'

/** What is watched. */
export interface Watched {
  readonly api: Pick<ManagementApi, 'list'>
  readonly serverId: string
  /** The hook's id at Okta, whose answers alone count; undefined: every hook's calls count. */
  readonly hookId: string | undefined
  /** The clients whose tokens must be delegated; empty: everyone's of this server. */
  readonly clients: ReadonlySet<string>
  readonly clock: Clock
}

/** What one look at the log has brought. */
export interface Look {
  readonly sightings: readonly Sighting[]
  /** How many tokens were judged for the first time. */
  readonly tokens: number
  /**
   * Why it cannot be told which tokens are plain: the log tells of no answer that changed one, or does not say which hook's the
   * answers are; undefined when it can.
   */
  readonly blindness: 'no_answers' | 'no_names' | undefined
}

/** Events come late and out of order, so that a part of the log is read again and again. */
const overlapMs = 10 * 60_000
/** Before that, the event of the hook's answer may be missing yet. */
const settleMs = 60_000
const hourMs = 60 * 60_000

/**
 * Looks at an org's System Log for plain tokens, from outside: for calls of the hook that failed, and for tokens whose
 * request no hook, or not the one that is watched, has answered. Each is seen once. Whether Okta logs answers that changed a
 * token, and which hook it names in them, is not documented, so what was not answered counts only where such an answer was seen,
 * or where no rule calls the hook.
 */
export class LogWatch {
  readonly #watched: Watched
  /** Which events were judged, and when they were published. */
  readonly #judged = new Map<string, number>()
  readonly #unhooked = new Set<string>()
  #from: number

  /** @param sinceMs - from when on the log is looked at */
  constructor(watched: Watched, sinceMs: number) {
    this.#watched = watched
    this.#from = sinceMs
  }

  /** @throws CommandError when Okta cannot be asked; the next look makes up for it */
  async look(): Promise<Look> {
    const { api, serverId, clock, clients } = this.#watched
    const now = clock.now()
    const events = await this.#read(now)
    const rules = await listRules(api, serverId, isActive)
    const machines = rules.filter(servesMachines)
    const unhooked = machines.filter((located) => this.#flawOf(located) !== undefined)
    const ofClients = events.filter(
      (event) =>
        publishedAt(event) >= this.#from && (clients.size === 0 || clients.has(textAt(event, 'actor', 'id'))),
    )
    const failed = ofClients.flatMap((event) => {
      const sighting = this.#mayConcern(event) ? failedCallOf(event) : undefined
      return sighting === undefined || !this.#isNew(event) ? [] : [sighting]
    })
    const settled = ofClients.filter(
      (event) => isGrantOf(event, serverId) && publishedAt(event) <= now - settleMs,
    )
    const answers = events.filter((event) => isAnswer(event) && this.#concerns(event))
    const answered = new Set(answers.map(requestOf))
    const unanswered = settled.filter((event) => !answered.has(requestOf(event)))
    const canTell = machines.every((located) => unhooked.includes(located)) || answers.some(isChange)
    const isNamed = !events.some((event) => isChange(event) && !namesHook(event))
    const judged = canTell ? settled.filter((event) => this.#isNew(event)) : []
    const plain = judged.filter((event) => unanswered.includes(event))
    this.#from = Math.max(this.#from, now - overlapMs)
    this.#forget()
    return {
      sightings: [
        ...this.#newlyUnhooked(
          unhooked.map((located) => `'${nameOfRule(located)}' ${this.#flawOf(located)}`),
          now,
        ),
        ...failed,
        ...plain.map((event) => sightingOf('plain_token', event)),
      ],
      tokens: judged.length,
      blindness: canTell || unanswered.length === 0 ? undefined : isNamed ? 'no_answers' : 'no_names',
    }
  }

  async #read(now: number): Promise<readonly JsonObject[]> {
    const query = new URLSearchParams({
      // What a hook answered comes before the token that it was asked about.
      since: new Date(this.#from - settleMs).toISOString(),
      // Without an end, the log is a stream that has always a next page.
      until: new Date(now + hourMs).toISOString(),
      filter: `${hookEvents} or eventType eq "${grantType}"`,
      limit: '1000',
    })
    return this.#watched.api.list(`/api/v1/logs?${query}`)
  }

  /** Whether an answer counts: one that may be another hook's does not. */
  #concerns(event: JsonObject): boolean {
    const { hookId } = this.#watched
    return hookId === undefined || concernsHook(event, hookId)
  }

  /** Whether a failure counts: one that may be the hook's must not be overlooked. */
  #mayConcern(event: JsonObject): boolean {
    const { hookId } = this.#watched
    return hookId === undefined || !concernsAnotherHook(event, hookId)
  }

  /** Why what a rule issues is not what the hook has made of it. */
  #flawOf(located: LocatedRule): string | undefined {
    const { hookId } = this.#watched
    const called = hookIdOf(located)
    if (called === '') return 'calls no hook'
    return hookId === undefined || called === hookId ? undefined : 'calls another hook'
  }

  #isNew(event: JsonObject): boolean {
    const id = textAt(event, 'uuid')
    if (this.#judged.has(id)) return false
    this.#judged.set(id, publishedAt(event))
    return true
  }

  /** What is not read again needs not be known any more. */
  #forget(): void {
    for (const [id, published] of this.#judged) if (published < this.#from) this.#judged.delete(id)
  }

  #newlyUnhooked(reasons: readonly string[], now: number): readonly Sighting[] {
    const found = reasons.filter((reason) => !this.#unhooked.has(reason))
    this.#unhooked.clear()
    for (const reason of reasons) this.#unhooked.add(reason)
    const time = new Date(now).toISOString()
    return found.map((reason) => ({ kind: 'rule_without_hook', time, reason }))
  }
}

function publishedAt(event: JsonObject): number {
  return Date.parse(textAt(event, 'published'))
}

/** Whether a hook was called for a token request, whatever came of it: a call that failed is seen by itself. */
function isAnswer(event: JsonObject): boolean {
  return textAt(event, 'eventType').startsWith('inline_hook.')
}

/** Whether an answer was taken. */
function isChange(event: JsonObject): boolean {
  return (
    textAt(event, 'eventType') === 'inline_hook.response.processed' &&
    textAt(event, 'outcome', 'result') === 'SUCCESS'
  )
}
