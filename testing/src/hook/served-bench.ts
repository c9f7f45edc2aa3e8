import { runtimeFetch } from '@behalf/core/internal'
import type { BehalfConfig, DecisionRecord, Hook } from '@behalf/hook'
import { type HookServer, type NodeServerOptions, startNodeServer } from '@behalf/hook/node'
import { hookEvent } from '../hook-event.ts'
import type { TestIssuer } from '../issuer.ts'
import type { ManualClock } from '../manual-clock.ts'
import { generateSigningKey, type LooseObject } from '../signing-key.ts'
import { Activity } from './activity.ts'
import { readAnswer } from './answer.ts'
import { HookBench, hookSecret } from './bench.ts'

/** The deadline of a hook that sets none. */
export const deadlineMs = 2_000

/** Generated once, because that takes longer than most tests. */
const key = generateSigningKey()

/** How an exchange ended: with a delegated token for this subject, or with a code. */
export interface ServedAnswer {
  readonly status: number
  readonly outcome: string
  /** On the bench's clock. */
  readonly elapsedMs: number
}

/** A hook over HTTP, its issuer, and the clock that both live by. */
export class ServedBench implements AsyncDisposable {
  readonly clock: ManualClock
  readonly issuer: TestIssuer
  readonly hook: Hook
  readonly running: HookServer
  readonly records: readonly DecisionRecord[]
  readonly #bench: HookBench
  readonly #activity: Activity

  private constructor(
    bench: HookBench,
    activity: Activity,
    parts: Pick<ServedBench, 'hook' | 'running' | 'records'>,
  ) {
    this.#bench = bench
    this.#activity = activity
    this.clock = bench.clock
    this.issuer = bench.issuer
    this.hook = parts.hook
    this.running = parts.running
    this.records = parts.records
  }

  static async start(
    config: Partial<BehalfConfig> = {},
    server: Omit<NodeServerOptions, 'clock'> = {},
  ): Promise<ServedBench> {
    const bench = await HookBench.start([key])
    const { clock, issuer } = bench
    const activity = new Activity((call) => issuer.holds(call))
    issuer.onHold = () => activity.changed()
    const records: DecisionRecord[] = []
    const hook = bench.hook(config, {
      fetch: activity.watchCalls(runtimeFetch),
      onDecision: (record) => records.push(record),
    })
    const running = await startNodeServer(activity.watch(hook), {
      drainDelayMs: 0,
      waitedMs: () => 0,
      ...server,
      clock,
    })
    return new ServedBench(bench, activity, { hook, running, records })
  }

  get origin(): string {
    return this.running.origin
  }

  /** A valid assertion, unless told otherwise. */
  sign(claims: LooseObject = {}, header: LooseObject = {}): string {
    return this.#bench.assertion(claims, header)
  }

  /** Sends an exchange and leaves time alone. */
  async send(
    assertion: string = this.sign(),
    path = '/inline-hook',
  ): Promise<Omit<ServedAnswer, 'elapsedMs'>> {
    const response = await fetch(`${this.origin}${path}`, {
      method: 'POST',
      headers: { authorization: hookSecret, 'content-type': 'application/json' },
      body: JSON.stringify(hookEvent({ assertion })),
    })
    const { outcome, claims } = readAnswer(await response.text())
    return { status: response.status, outcome: outcome === 'permit' ? String(claims?.['sub']) : outcome }
  }

  /** Sends an exchange and lets time pass up to the next thing that waits for it, whenever nothing happens without. */
  async exchange(assertion: string = this.sign()): Promise<ServedAnswer> {
    const startedAt = this.clock.now()
    let answered: Omit<ServedAnswer, 'elapsedMs'> | undefined
    const sent = this.send(assertion).then((answer) => {
      answered = answer
    })
    for (;;) {
      await Promise.race([sent, this.#activity.idle()])
      if (answered !== undefined) return { ...answered, elapsedMs: this.clock.now() - startedAt }
      this.clock.advanceToNext()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.running.server.closeAllConnections()
    this.running.server.close()
    await this.#bench.close()
  }
}
