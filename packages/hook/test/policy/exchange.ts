import { type BehalfConfig, createHook, type DecisionRecord, type StepReport } from '@behalf/hook'
import {
  type HookEventOptions,
  hookEvent,
  type LooseObject,
  ManualClock,
  TestIssuer,
  userClaims,
} from '@behalf/testing'

/** How one exchange ended. */
export interface Exchanged {
  /** The claims that the patch sets, by name, and the lifetime when it is shortened. */
  readonly claims: LooseObject | undefined
  readonly lifetimeSeconds: number | undefined
  readonly errorSummary: string | undefined
  readonly record: DecisionRecord | undefined
  readonly steps: readonly StepReport[]
}

/** What an {@link exchange} differs in. */
export interface ExchangeOptions {
  readonly config?: Partial<BehalfConfig>
  readonly claims?: LooseObject
  readonly event?: Omit<HookEventOptions, 'assertion'>
}

/** One exchange by `0oaApiA` for Ann, from a hook request to its answer. */
export async function exchange({ config, claims, event }: ExchangeOptions): Promise<Exchanged> {
  await using issuer = await TestIssuer.start()
  const clock = new ManualClock()
  const records: DecisionRecord[] = []
  const steps: StepReport[] = []
  const hook = createHook(
    {
      authenticate: { secrets: ['hook-secret-0123456789'] },
      issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
      clients: { '0oaApiA': {} },
      ...config,
    },
    { clock, onDecision: (record) => records.push(record), onStep: (step) => steps.push(step) },
  )
  const assertion = issuer.sign(userClaims(clock.seconds, claims))
  const { body } = await hook.handle({
    headers: new Map([['authorization', ['hook-secret-0123456789']]]),
    body: JSON.stringify(hookEvent({ ...event, assertion })),
  })
  const { commands, error } = JSON.parse(body)
  const operations: { path: string; value: unknown }[] = commands?.[0]?.value ?? []
  const lifetime = operations.find(({ path }) => path === '/token/lifetime/expiration')?.value
  return {
    claims:
      commands &&
      Object.fromEntries(
        operations
          .filter(({ path }) => path.startsWith('/claims/'))
          .map(({ path, value }) => [path.slice('/claims/'.length), value]),
      ),
    lifetimeSeconds: typeof lifetime === 'number' ? lifetime : undefined,
    errorSummary: error?.errorSummary,
    record: records[0],
    steps,
  }
}
