import type { SignatureAlgorithm } from '@behalf/core'
import { TestIssuer } from '../issuer.ts'
import { type LoopbackServer, listen } from '../loopback-server.ts'
import { hostileKeys, type KeyRing, makeKeyRing } from './key-ring.ts'

/** The configurations of the hook that attacks are run against. */
export type Setup = 'default' | 'passing' | 'bearer' | 'rotating'

/** A hook's configuration, in the shape that `@behalf/hook` reads. */
export interface HookSetup {
  readonly authenticate:
    | { readonly header?: string; readonly secrets: readonly string[] }
    | {
        readonly bearer: {
          readonly issuer: string
          readonly audience: string
          readonly clientIds: readonly string[]
          readonly scope: string
        }
      }
  readonly issuers: readonly {
    readonly issuer: string
    readonly audiences: readonly string[]
    readonly algorithms?: readonly SignatureAlgorithm[]
    readonly tokens?: 'user' | 'delegated'
    readonly org?: string
  }[]
  readonly clients: Readonly<
    Record<
      string,
      {
        readonly audiences?: readonly string[]
        readonly issuers?: readonly string[]
        readonly scopes?: readonly string[]
      }
    >
  >
  readonly missingAssertion?: 'unchanged'
  readonly otherEvents?: 'unchanged'
}

/** The algorithms that the issuer `mixed` is trusted with. */
export const mixedAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA']

/**
 * Where attacks take place: authorization servers on loopback, one of them hostile, and a server that no
 * token must make anybody call. Time is the machine's, so that anything that runs can be attacked.
 */
export class World implements AsyncDisposable {
  /** Trusted with RS256; publishes, besides its good key, all that an issuer should not publish. */
  readonly okta: TestIssuer
  /** Trusted with several algorithms. */
  readonly mixed: TestIssuer
  /** Not trusted, and signs with the very key of `okta`. */
  readonly stranger: TestIssuer
  /** Issues the bearer tokens that Okta calls the hook with in the setup `bearer`. */
  readonly gatekeeper: TestIssuer
  /** Issues delegated tokens, which are assertions at the next hop. */
  readonly delegating: TestIssuer
  readonly keys: KeyRing
  readonly secret = 'k9Tq-the-secret-registered-at-Okta'
  readonly formerSecret = 'p3Lm-the-secret-before-that'
  readonly #trap: LoopbackServer
  readonly #made = new Map<string, { readonly value: string; readonly atSeconds: number }>()
  #trapped = 0

  private constructor(
    issuers: readonly [TestIssuer, TestIssuer, TestIssuer, TestIssuer, TestIssuer],
    keys: KeyRing,
    trap: LoopbackServer,
  ) {
    ;[this.okta, this.mixed, this.stranger, this.gatekeeper, this.delegating] = issuers
    this.keys = keys
    this.#trap = trap
    trap.server.on('request', (_request, response) => {
      this.#trapped++
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: [keys.foreign.jwk] }))
    })
  }

  static async start(): Promise<World> {
    const keys = makeKeyRing()
    const okta = await TestIssuer.start()
    const mixed = await TestIssuer.start()
    const stranger = await TestIssuer.start()
    const gatekeeper = await TestIssuer.start()
    const delegating = await TestIssuer.start()
    const trap = await listen(() => undefined)
    okta.keys = [keys.okta, keys.twin, keys.otherTwin]
    okta.keysAnswer = { body: { keys: [...hostileKeys(keys), ...okta.keys.map(({ jwk }) => jwk)] } }
    mixed.keys = [keys.mixed, keys.ps256, keys.es256, keys.edDsa, keys.anyRsa]
    const { alg, ...withoutAlgorithm } = keys.anyRsa.jwk
    mixed.keysAnswer = {
      body: {
        keys: [keys.mixed, keys.ps256, keys.es256, keys.edDsa]
          .map(({ jwk }): object => jwk)
          .concat(withoutAlgorithm),
      },
    }
    stranger.keys = [keys.okta]
    return new World([okta, mixed, stranger, gatekeeper, delegating], keys, trap)
  }

  /** Seconds since the epoch, now. */
  get nowSeconds(): number {
    return Math.floor(Date.now() / 1000)
  }

  /** Makes something once a minute. */
  reuse(name: string, make: () => string): string {
    const kept = this.#made.get(name)
    if (kept !== undefined && kept.atSeconds > this.nowSeconds - 60) return kept.value
    const value = make()
    this.#made.set(name, { value, atSeconds: this.nowSeconds })
    return value
  }

  /** A URL that nobody must call. */
  get trapUrl(): string {
    return this.#trap.origin
  }

  /** How often the trap was called. */
  get trapped(): number {
    return this.#trapped
  }

  /** The configuration of the hook under attack. */
  setup(name: Setup): HookSetup {
    const base: HookSetup = {
      authenticate: { secrets: [this.secret] },
      issuers: [
        { issuer: this.okta.issuer, audiences: ['api://a', 'api://other'], org: 'example' },
        { issuer: this.mixed.issuer, audiences: ['api://a'], algorithms: mixedAlgorithms, org: 'example' },
        { issuer: this.delegating.issuer, audiences: ['api://a'], tokens: 'delegated' },
      ],
      clients: {
        '0oaApiA': { audiences: ['api://a'], scopes: ['orders:read'] },
        '0oaOther': { audiences: ['api://other'] },
        '0oaPartner': { issuers: [this.mixed.issuer], audiences: ['api://a'] },
        '0oaFree': { audiences: ['api://a', 'api://other'] },
      },
    }
    switch (name) {
      case 'default':
        return base
      case 'passing':
        return { ...base, missingAssertion: 'unchanged', otherEvents: 'unchanged' }
      case 'rotating':
        return {
          ...base,
          authenticate: { header: 'X-Hook-Secret', secrets: [this.secret, this.formerSecret] },
        }
      case 'bearer':
        return {
          ...base,
          authenticate: {
            bearer: {
              issuer: this.gatekeeper.issuer,
              audience: 'api://hook',
              clientIds: ['0oaOktaCalls'],
              scope: 'hook:call',
            },
          },
        }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const servers = [this.okta, this.mixed, this.stranger, this.gatekeeper, this.delegating, this.#trap]
    await Promise.all(servers.map((server) => server.close()))
  }
}
