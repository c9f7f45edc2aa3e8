import type { BehalfConfig } from '@behalf/hook'
import type { HookEventOptions, LooseObject } from '@behalf/testing'
import { type Answered, HookBench } from '@behalf/testing/hook'

/** What an {@link exchange} differs in. */
export interface ExchangeOptions {
  readonly config?: Partial<BehalfConfig>
  readonly claims?: LooseObject
  readonly event?: Omit<HookEventOptions, 'assertion'>
}

/** One exchange by `0oaApiA` for Ann, from a hook request to its answer. */
export async function exchange({ config, claims, event }: ExchangeOptions): Promise<Answered> {
  await using bench = await HookBench.start()
  return await bench.send(bench.event({ ...event, assertion: bench.assertion(claims) }), config)
}
