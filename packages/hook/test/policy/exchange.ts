import type { BehalfConfig } from '@behalf/hook'
import type { HookEventOptions, LooseObject } from '@behalf/testing'
import { type Answered, HookBench } from '@behalf/testing/hook'

/** What an {@link exchange} differs in. */
export interface ExchangeOptions {
  readonly config?: Partial<BehalfConfig>
  readonly claims?: LooseObject
  /** Presents a delegated token with this chain in place of the user's own. */
  readonly chain?: LooseObject
  readonly event?: Omit<HookEventOptions, 'assertion'>
}

/** One exchange by `0oaApiA` for Ann, from a hook request to its answer. */
export async function exchange({ config, claims, chain, event }: ExchangeOptions): Promise<Answered> {
  await using bench = await HookBench.startChain()
  const assertion =
    chain === undefined
      ? bench.assertion(claims)
      : bench.chained({ act: chain, assertion: { ...bench.first(), ...claims } })
  return await bench.send(bench.event({ ...event, assertion }), config)
}
