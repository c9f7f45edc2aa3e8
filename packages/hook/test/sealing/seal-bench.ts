import type { BehalfConfig, Hook } from '@behalf/hook'
import { type SealingOptions, sealed } from '@behalf/hook/sealing'
import { type LooseObject, type SealChanges, SealingPair } from '@behalf/testing'
import { authenticated, HookBench } from '@behalf/testing/hook'

/** The authorization server that is asked. */
export const server = 'https://example.okta.com/oauth2/default'

/** What tests of seals share: a hook's surroundings, the key that its clients seal for, and what they put into a seal. */
export class SealBench {
  readonly bench: HookBench
  readonly pair: SealingPair = new SealingPair()
  #made = 0

  private constructor(bench: HookBench) {
    this.bench = bench
  }

  static async start(): Promise<SealBench> {
    return new SealBench(await HookBench.start())
  }

  close(): Promise<void> {
    return this.bench.close()
  }

  /** Seals what a client would, changed. */
  seal(changes: LooseObject = {}, by: SealingPair = this.pair, text: SealChanges = {}): string {
    return by.seal(this.payload(changes), text)
  }

  payload(changes: LooseObject = {}): LooseObject {
    return {
      assertion: this.bench.assertion(),
      client_id: '0oaApiA',
      aud: server,
      iat: this.bench.clock.seconds,
      jti: `seal-${this.#made++}`,
      ...changes,
    }
  }

  hook(options: Partial<SealingOptions> = {}, others: Partial<BehalfConfig> = {}): Hook {
    return this.bench.hook({ sealing: sealed({ keys: this.pair.jwk, ...options }), ...others })
  }

  /** @returns the code of the denial, or `permit` */
  async outcome(hook: Hook, query: string, accessClaims: LooseObject = {}): Promise<unknown> {
    const event = this.bench.event({ url: `${server}/v1/token?${query}`, accessClaims })
    const { commands, debugContext } = JSON.parse((await hook.handle(authenticated(event))).body)
    return commands === undefined ? debugContext.code : 'permit'
  }
}
