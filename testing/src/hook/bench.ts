import {
  type BehalfConfig,
  createHook,
  type DecisionRecord,
  type Hook,
  type HookEnvironment,
  type HookRequest,
  type StepReport,
} from '@behalf/hook'
import { delegatedClaims, userClaims } from '../claims.ts'
import { type HookEvent, type HookEventOptions, hookEvent } from '../hook-event.ts'
import { TestIssuer } from '../issuer.ts'
import { ManualClock } from '../manual-clock.ts'
import type { LooseObject, SigningKey } from '../signing-key.ts'
import { type ReadAnswer, readAnswer } from './answer.ts'

/** What hooks on a bench are called with. */
export const hookSecret = 'hook-secret-0123456789'

/** What an answer says, and what was recorded of it. */
export interface Answered extends ReadAnswer {
  readonly status: number
  readonly record: DecisionRecord
  readonly steps: readonly StepReport[]
  readonly text: string
}

/** An issuer and a clock that stands still, for hooks that are tried out. */
export class HookBench implements AsyncDisposable {
  readonly clock: ManualClock = new ManualClock()
  readonly issuer: TestIssuer
  readonly #delegating: TestIssuer | undefined

  private constructor(issuer: TestIssuer, delegating?: TestIssuer) {
    this.issuer = issuer
    this.#delegating = delegating
  }

  /** @param keys - generated unless given, which takes long */
  static async start(keys?: SigningKey[]): Promise<HookBench> {
    return new HookBench(await TestIssuer.start(keys))
  }

  /** A bench with a second issuer, whose delegated tokens are assertions at the next hop. */
  static async startChain(): Promise<HookBench> {
    const issuer = await TestIssuer.start()
    return new HookBench(issuer, await TestIssuer.start(issuer.keys))
  }

  /** Issues the delegated tokens that are assertions at the next hop. */
  get delegating(): TestIssuer {
    if (this.#delegating === undefined) throw new Error('the bench was not started for chains')
    return this.#delegating
  }

  /** A configuration that trusts the issuers and lets `0oaApiA` exchange. */
  config(changes: Partial<BehalfConfig> = {}): BehalfConfig {
    return {
      authenticate: { secrets: [hookSecret] },
      issuers: [
        { issuer: this.issuer.issuer, audiences: ['api://a'] },
        ...(this.#delegating === undefined
          ? []
          : [{ issuer: this.#delegating.issuer, audiences: ['api://a'], tokens: 'delegated' as const }]),
      ],
      clients: { '0oaApiA': {} },
      ...changes,
    }
  }

  /** A hook that lives by the clock. */
  hook(config: Partial<BehalfConfig> = {}, environment: HookEnvironment = {}): Hook {
    return createHook(this.config(config), { clock: this.clock, ...environment })
  }

  /** A user's access token, as API A received it. */
  assertion(changes: LooseObject = {}, header: LooseObject = {}): string {
    return this.issuer.sign(userClaims(this.clock.seconds, changes), header)
  }

  /** The claims of a user's access token, as a chain conserves them. */
  first(changes: LooseObject = {}): LooseObject {
    return { iss: this.issuer.issuer, ...userClaims(this.clock.seconds), ...changes }
  }

  /** A delegated token, as an API in the middle of a chain received it; made by the actor that `act` names. */
  chained({ act = { sub: '0oaFront' }, ...changes }: LooseObject = {}): string {
    const claims = delegatedClaims(this.clock.seconds, { aud: 'api://a', assertion: this.first() })
    return this.delegating.sign({ ...claims, cid: Reflect.get(Object(act), 'sub'), act, ...changes })
  }

  /** A good event, which `edit` may change. */
  event(options: HookEventOptions = {}, edit: (event: HookEvent) => void = () => undefined): HookEvent {
    const event = hookEvent({
      ...(options.url === undefined ? { assertion: this.assertion() } : {}),
      ...options,
    })
    edit(event)
    return event
  }

  /** Sends a request to a hook of its own. */
  async send(
    request: HookRequest | HookEvent,
    config: Partial<BehalfConfig> = {},
    environment: HookEnvironment = {},
  ): Promise<Answered> {
    const records: DecisionRecord[] = []
    const steps: StepReport[] = []
    const hook = this.hook(config, {
      onDecision: (record) => records.push(record),
      onStep: (step) => steps.push(step),
      ...environment,
    })
    const { status, body } = await hook.handle('data' in request ? authenticated(request) : request)
    const [record] = records
    if (record === undefined || records.length !== 1) throw new Error(`${records.length} records`)
    return { status, record, steps, text: body, ...readAnswer(body) }
  }

  async close(): Promise<void> {
    await Promise.all([this.issuer.close(), this.#delegating?.close()])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** A request as the hook gets it from Okta, before a runtime has made anything of it. */
export interface AuthenticatedRequest extends HookRequest {
  readonly body: string
}

/** The request that carries an event with the right secret. */
export function authenticated(event: unknown): AuthenticatedRequest {
  return { headers: new Map([['authorization', [hookSecret]]]), body: JSON.stringify(event) }
}
