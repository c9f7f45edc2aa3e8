import { setTimeout as sleep } from 'node:timers/promises'
import { type BehalfConfig, createHook, type DecisionRecord, type Hook } from '@behalf/hook'
import { type HookServer, type NodeServerOptions, startNodeServer } from '@behalf/hook/node'
import {
  generateSigningKey,
  hookEvent,
  type LooseObject,
  ManualClock,
  TestIssuer,
  userClaims,
} from '@behalf/testing'

export const deadlineMs = 2_000

/** Generated once, because that takes longer than most tests. */
const key = generateSigningKey()

/** How an exchange ended: with a delegated token for this subject, or with a code. */
export interface Answered {
  readonly status: number
  readonly outcome: string
  /** On the rig's clock. */
  readonly elapsedMs: number
}

/** A hook over HTTP, its issuer, and the clock that both live by. */
export class Rig implements AsyncDisposable {
  readonly clock: ManualClock
  readonly issuer: TestIssuer
  readonly hook: Hook
  readonly running: HookServer
  readonly records: readonly DecisionRecord[]

  private constructor(
    parts: Omit<Rig, 'origin' | 'sign' | 'send' | 'exchange' | typeof Symbol.asyncDispose>,
  ) {
    this.clock = parts.clock
    this.issuer = parts.issuer
    this.hook = parts.hook
    this.running = parts.running
    this.records = parts.records
  }

  static async start(
    config: Partial<BehalfConfig> = {},
    server: Omit<NodeServerOptions, 'clock'> = {},
  ): Promise<Rig> {
    const clock = new ManualClock()
    const issuer = await TestIssuer.start([key])
    const records: DecisionRecord[] = []
    const hook = createHook(
      {
        authenticate: { secrets: ['hook-secret-0123456789'] },
        issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
        clients: { '0oaApiA': {} },
        ...config,
      },
      { clock, onDecision: (record) => records.push(record) },
    )
    const running = await startNodeServer(hook, { drainDelayMs: 0, waitedMs: () => 0, ...server, clock })
    return new Rig({ clock, issuer, hook, running, records })
  }

  get origin(): string {
    return this.running.origin
  }

  /** A valid assertion, unless told otherwise. */
  sign(claims: LooseObject = {}, header: LooseObject = {}): string {
    return this.issuer.sign(userClaims(this.clock.seconds, claims), header)
  }

  /** Sends an exchange and leaves time alone. */
  async send(assertion: string = this.sign(), path = '/inline-hook'): Promise<Omit<Answered, 'elapsedMs'>> {
    const response = await fetch(`${this.origin}${path}`, {
      method: 'POST',
      headers: { authorization: 'hook-secret-0123456789', 'content-type': 'application/json' },
      body: JSON.stringify(hookEvent({ assertion })),
    })
    return { status: response.status, outcome: outcomeOf(await response.text()) }
  }

  /** Sends an exchange and lets time pass, much of it, whenever nothing happens without. */
  async exchange(assertion: string = this.sign()): Promise<Answered> {
    const startedAt = this.clock.now()
    let answered: Omit<Answered, 'elapsedMs'> | undefined
    const sent = this.send(assertion).then((answer) => {
      answered = answer
    })
    for (;;) {
      await Promise.race([sent, sleep(25)])
      if (answered !== undefined) return { ...answered, elapsedMs: this.clock.now() - startedAt }
      this.clock.advance(100)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.running.server.closeAllConnections()
    this.running.server.close()
    await this.issuer.close()
  }
}

function outcomeOf(body: string): string {
  const { commands, debugContext } = JSON.parse(body)
  if (commands === undefined) return debugContext.code
  const operations: readonly { path: string; value: string }[] = commands.flatMap(
    (command: { value: readonly object[] }) => command.value,
  )
  return operations.find(({ path }) => path === '/claims/sub')?.value ?? 'unchanged'
}
