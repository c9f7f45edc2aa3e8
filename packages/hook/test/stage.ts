import {
  type BehalfConfig,
  createHook,
  type DecisionRecord,
  type HookEnvironment,
  type HookRequest,
} from '@behalf/hook'
import {
  type HookEvent,
  type HookEventOptions,
  hookEvent,
  type LooseObject,
  ManualClock,
  TestIssuer,
  userClaims,
} from '@behalf/testing'
import { afterAll, beforeAll } from 'vitest'

/** What an answer says, and the record that was kept of it. */
export interface Answered {
  readonly status: number
  /** `permit`, `pass`, or the code of the denial. */
  readonly outcome: string
  readonly claims: LooseObject
  readonly lifetimeSeconds: unknown
  readonly errorSummary: unknown
  readonly debugContext: LooseObject
  readonly record: DecisionRecord
  readonly text: string
}

/** Every operation of the patch by its path. */
interface Patch {
  readonly [path: string]: unknown
}

/** An issuer, a clock that stands still, and a hook that is made anew for every request. */
export class Stage {
  readonly clock: ManualClock = new ManualClock()
  #issuer: TestIssuer | undefined

  /** One issuer for all tests of a file. */
  static forFile(): Stage {
    const stage = new Stage()
    beforeAll(async () => {
      stage.#issuer = await TestIssuer.start()
    })
    afterAll(() => stage.issuer.close())
    return stage
  }

  get issuer(): TestIssuer {
    if (this.#issuer === undefined) throw new Error('the issuer is not started yet')
    return this.#issuer
  }

  /** A configuration that trusts the issuer and lets `0oaApiA` exchange. */
  config(changes: Partial<BehalfConfig> = {}): BehalfConfig {
    return {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: this.issuer.issuer, audiences: ['api://a'] }],
      clients: { '0oaApiA': {} },
      ...changes,
    }
  }

  /** A user's access token, as API A received it. */
  assertion(changes: LooseObject = {}, header: LooseObject = {}): string {
    return this.issuer.sign(userClaims(this.clock.seconds, changes), header)
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
    const hook = createHook(this.config(config), {
      clock: this.clock,
      onDecision: (record) => records.push(record),
      ...environment,
    })
    const { status, body } = await hook.handle('data' in request ? authenticated(request) : request)
    const [record] = records
    if (record === undefined || records.length !== 1) throw new Error(`${records.length} records`)
    return { status, record, text: body, ...read(body) }
  }
}

/** The request that carries an event with the right secret. */
export function authenticated(event: unknown): HookRequest {
  return { headers: new Map([['authorization', ['hook-secret-0123456789']]]), body: JSON.stringify(event) }
}

/** Reads an answer of the hook. */
export function read(
  body: string,
): Pick<Answered, 'outcome' | 'claims' | 'lifetimeSeconds' | 'errorSummary' | 'debugContext'> {
  const { commands, error, debugContext } = JSON.parse(body)
  const operations: readonly { readonly path: string; readonly value: unknown }[] = commands?.[0]?.value ?? []
  const patch: Patch = Object.fromEntries(operations.map(({ path, value }) => [path, value]))
  const claims = Object.entries(patch).filter(([path]) => path.startsWith('/claims/'))
  return {
    outcome:
      error === undefined
        ? commands.length === 0
          ? 'unchanged'
          : 'permit'
        : error.errorSummary.split(':')[0],
    claims: Object.fromEntries(claims.map(([path, value]) => [path.slice('/claims/'.length), value])),
    lifetimeSeconds: patch['/token/lifetime/expiration'],
    errorSummary: error?.errorSummary,
    debugContext,
  }
}
