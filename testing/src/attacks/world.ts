import { TestIssuer } from '../issuer.ts'
import { type LoopbackServer, listen } from '../loopback-server.ts'
import { SealingPair } from '../sealing-pair.ts'
import { startIntrospectionEndpoint } from './introspection-endpoint.ts'
import { hostileKeys, type KeyRing, makeKeyRing } from './key-ring.ts'
import { type HookSetup, hookSetup, type Setup, type Vendor, vendors } from './setup.ts'

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
  /** Vouches for other people than `okta` does, some of whom are called alike. */
  readonly partner: TestIssuer
  /** Trusted, and exchanges its key for another while it is attacked. */
  readonly renewing: TestIssuer
  /** Issuers of other makes, whose people are those of `okta`. */
  readonly vendors: ReadonlyMap<Vendor, TestIssuer>
  readonly keys: KeyRing
  /** What assertions are sealed for in the setup `sealing`. */
  readonly sealing: SealingPair = new SealingPair()
  readonly secret = 'k9Tq-the-secret-registered-at-Okta'
  readonly formerSecret = 'p3Lm-the-secret-before-that'
  /** What Okta's event hook brings in the setup `revocation`. */
  readonly eventSecret = 'v7Xw-the-secret-of-the-event-hook'
  /** When the world began, in seconds since the epoch. */
  readonly startedSeconds: number = Math.floor(Date.now() / 1_000)
  /** The `jti` of tokens that their issuer calls inactive by now, where it is asked. */
  readonly ended: Set<string>
  readonly #trap: LoopbackServer
  readonly #introspection: LoopbackServer
  readonly #made = new Map<string, { readonly value: string; readonly atSeconds: number }>()
  #trapped = 0

  private constructor(
    issuers: Pick<
      World,
      'okta' | 'mixed' | 'stranger' | 'gatekeeper' | 'delegating' | 'partner' | 'renewing'
    >,
    others: ReadonlyMap<Vendor, TestIssuer>,
    keys: KeyRing,
    trap: LoopbackServer,
    introspection: LoopbackServer,
    ended: Set<string>,
  ) {
    this.okta = issuers.okta
    this.mixed = issuers.mixed
    this.stranger = issuers.stranger
    this.gatekeeper = issuers.gatekeeper
    this.delegating = issuers.delegating
    this.partner = issuers.partner
    this.renewing = issuers.renewing
    this.vendors = others
    this.keys = keys
    this.#trap = trap
    this.#introspection = introspection
    this.ended = ended
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
    const partner = await TestIssuer.start()
    const renewing = await TestIssuer.start()
    const others = new Map<Vendor, TestIssuer>()
    for (const vendor of vendors) others.set(vendor, await TestIssuer.start(partner.keys))
    const trap = await listen(() => undefined)
    const ended = new Set<string>()
    renewing.keys = [keys.leaving, keys.twin]
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
    return new World(
      { okta, mixed, stranger, gatekeeper, delegating, partner, renewing },
      others,
      keys,
      trap,
      await startIntrospectionEndpoint(ended),
      ended,
    )
  }

  /** The issuer of a make. */
  vendor(name: Vendor): TestIssuer {
    const found = this.vendors.get(name)
    if (found === undefined) throw new Error(`no issuer was started for ${name}`)
    return found
  }

  /** Seconds since the epoch, now. */
  get nowSeconds(): number {
    return Math.floor(Date.now() / 1000)
  }

  /** When Ann was cut off, where she is. */
  get cutOffSeconds(): number {
    return this.startedSeconds - 50
  }

  /** Makes something once in so many seconds. */
  reuse(name: string, make: () => string, forSeconds = 60): string {
    const kept = this.#made.get(name)
    if (kept !== undefined && kept.atSeconds > this.nowSeconds - forSeconds) return kept.value
    const value = make()
    this.#made.set(name, { value, atSeconds: this.nowSeconds })
    return value
  }

  /** Where tokens of `mixed` are asked about in the setup `revocation`. */
  get introspectionUrl(): string {
    return `${this.#introspection.origin}/introspect`
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
    return hookSetup(this, name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { okta, mixed, stranger, gatekeeper, delegating, partner, renewing } = this
    const servers = [
      okta,
      mixed,
      stranger,
      gatekeeper,
      delegating,
      partner,
      renewing,
      ...this.vendors.values(),
      this.#trap,
      this.#introspection,
    ]
    await Promise.all(servers.map((server) => server.close()))
  }
}
