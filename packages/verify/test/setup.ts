import { delegatedClaims, type LooseObject, ManualClock, TestIssuer } from '@behalf/testing'
import {
  type AcceptanceOptions,
  createVerifier,
  type OneIssuer,
  TokenError,
  type Verifier,
} from '@behalf/verify'
import { afterAll, beforeAll, expect } from 'vitest'

/** What most tests need: an issuer on loopback, a clock that stands still, and tokens of that time. */
export class TestBed {
  readonly clock: ManualClock = new ManualClock()
  #issuer: TestIssuer | undefined

  /** One issuer for all tests of a file. */
  static forFile(): TestBed {
    const bed = new TestBed()
    beforeAll(async () => {
      bed.#issuer = await TestIssuer.start()
    })
    afterAll(() => bed.issuer.close())
    return bed
  }

  get issuer(): TestIssuer {
    if (this.#issuer === undefined) throw new Error('the issuer is not started yet')
    return this.#issuer
  }

  /** The options of an API `api://b` that trusts the issuer. */
  get options(): Pick<OneIssuer, 'issuer' | 'audience'> & { readonly clock: ManualClock } {
    return { issuer: this.issuer.issuer, audience: 'api://b', clock: this.clock }
  }

  verifier(options: Partial<AcceptanceOptions<'delegated'> & OneIssuer> = {}): Verifier {
    return createVerifier({ ...this.options, ...options })
  }

  delegated(claims: LooseObject = {}): string {
    return this.issuer.sign(delegatedClaims(this.clock.seconds, claims))
  }

  /** What Okta issues when its hook could not answer. */
  machine(claims: LooseObject = {}): string {
    const { act, assertion, ...plain } = delegatedClaims(this.clock.seconds)
    return this.issuer.sign({ ...plain, sub: '0oaApiA', ...claims })
  }

  /** What a user holds directly, for this API. */
  user(claims: LooseObject = {}): string {
    const { act, assertion, ...plain } = delegatedClaims(this.clock.seconds)
    return this.issuer.sign({ ...plain, cid: '0oaSpa', uid: '00uAnn', ...claims })
  }

  /** The claims of the assertion inside a delegated token. */
  assertion(overrides: LooseObject = {}): LooseObject {
    const { assertion } = delegatedClaims(this.clock.seconds)
    return { ...(assertion as LooseObject), ...overrides }
  }
}

/** The error that a verification ends with. */
export async function refusalOf(verification: Promise<unknown>): Promise<TokenError> {
  const error = await verification.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(TokenError)
  if (!(error instanceof TokenError)) throw new Error('unreachable')
  return error
}
