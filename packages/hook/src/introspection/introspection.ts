import { Buffer } from 'node:buffer'
import type { Denial, JsonObject, Result } from '@behalf/core'
import {
  describeNetworkFault,
  fail,
  inTime,
  isRecent,
  type KeptFresh,
  late,
  type Places,
  pass,
  readText,
  runtimeFetch,
  VerifiedTokens,
} from '@behalf/core/internal'
import type { ResolvedIntrospection } from '../config/introspection.ts'
import { KnownSecrets } from '../secrets/known-secrets.ts'
import { introspectionEndpoint, type MetadataAccess } from './endpoint.ts'
import { readAnswer } from './read-answer.ts'

/** What a hook has for its questions. */
export interface IntrospectionSurroundings extends MetadataAccess {
  /** Where questions wait for their answers; without a place the exchange is denied. */
  readonly places: Places
}

interface Remembered {
  readonly isActive: boolean
  readonly askedAtMs: number
}

const maxAnswerBytes = 65_536
const maxRemembered = 10_000
const unauthorized = 'answered 401'

/**
 * Asks one issuer whether its tokens are still active: with client authentication, within a time, and about each token again
 * after some seconds. Whatever is not an answer is a denial.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662
 */
export class Introspection {
  readonly #settings: ResolvedIntrospection
  readonly #surroundings: IntrospectionSurroundings
  readonly #secrets: KnownSecrets<string>
  readonly #endpoint: KeptFresh<string, string>
  readonly #answers = new Map<string, Remembered>()

  constructor(issuer: string, settings: ResolvedIntrospection, surroundings: IntrospectionSurroundings) {
    this.#settings = settings
    this.#surroundings = surroundings
    const { clientSecret } = settings
    this.#secrets = new KnownSecrets({
      configured: [typeof clientSecret === 'string' ? [clientSecret] : clientSecret],
      read: (texts) => (texts.every((text) => text !== '') ? pass(texts) : fail('one of them is empty')),
      clock: surroundings.clock,
      maxWaiting: Number.POSITIVE_INFINITY,
    })
    this.#endpoint = introspectionEndpoint(issuer, surroundings)
  }

  /** Fetches what questions need and do not have: where to ask, and the secret. */
  async load(): Promise<void> {
    await Promise.all([
      this.#secrets.load(),
      this.#settings.endpoint === undefined ? this.#endpoint.load() : undefined,
    ])
  }

  /**
   * Says why a token must not be used, or undefined when its issuer says that it is active.
   *
   * @param claims - what the token says, verified
   * @param deadline - ends the waiting before its own time
   */
  whyInactive(
    token: string,
    claims: JsonObject,
    deadline: { readonly signal: AbortSignal },
  ): Denial | undefined | Promise<Denial | undefined> {
    const digest = VerifiedTokens.digest(token)
    const known = this.#answers.get(digest)
    const { clock } = this.#surroundings
    if (known !== undefined && isRecent(clock, known.askedAtMs, this.#settings.cacheSeconds * 1_000))
      return denialOf(known.isActive)
    return this.#ask(token, claims, digest, deadline.signal)
  }

  async #ask(
    token: string,
    claims: JsonObject,
    digest: string,
    signal: AbortSignal,
  ): Promise<Denial | undefined> {
    const { clock, places } = this.#surroundings
    const { timeoutMs } = this.#settings
    if (!places.take())
      return { code: 'overloaded', detail: 'too many questions to the issuer are under way' }
    const askedAtMs = clock.now()
    try {
      const answer = await inTime((ended) => this.#call(token, ended), { clock, timeoutMs, signal })
      if (answer === late) return unavailable('did not answer in time')
      if (!answer.ok) return unavailable(answer.fault)
      const read = readAnswer(answer.value, claims)
      if (!read.ok) return unavailable(read.fault)
      const isActive = read.value === 'active'
      this.#remember(digest, { isActive, askedAtMs })
      return denialOf(isActive)
    } catch (error) {
      // What transports throw quotes URLs and headers; the code says enough.
      return unavailable(describeNetworkFault(error).detail)
    } finally {
      places.release()
    }
  }

  async #call(token: string, signal: AbortSignal): Promise<Result<string, string>> {
    const url = this.#settings.endpoint ?? (await this.#endpoint.fresh())
    if (url === undefined)
      return fail(`cannot be asked: ${this.#endpoint.fault ?? 'its metadata is not there'}`)
    const [secret] = await this.#secrets.fresh()
    if (secret === undefined) return fail("cannot be asked: the client's secret could not be fetched")
    const answer = await this.#post(url, token, secret, signal)
    if (answer.ok || answer.fault !== unauthorized) return answer
    // A secret that was replaced has another beside it, or its source has.
    const other = await this.#secrets.find((each) => each !== secret)
    return other === undefined ? answer : this.#post(url, token, other, signal)
  }

  async #post(
    url: string,
    token: string,
    secret: string,
    signal: AbortSignal,
  ): Promise<Result<string, string>> {
    const { clientId, fetch = runtimeFetch } = this.#settings
    const response = await fetch(url, {
      method: 'POST',
      signal,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      return fail(`answered ${response.status}`)
    }
    const text = await readText(response, maxAnswerBytes)
    return text === undefined ? fail('answered too much') : pass(text)
  }

  #remember(digest: string, answer: Remembered): void {
    if (this.#settings.cacheSeconds === 0) return
    this.#answers.delete(digest)
    this.#answers.set(digest, answer)
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= maxRemembered) break
      this.#answers.delete(oldest)
    }
  }
}

function denialOf(isActive: boolean): Denial | undefined {
  return isActive ? undefined : { code: 'assertion_revoked', detail: 'its issuer says that it is not active' }
}

function unavailable(detail: string): Denial {
  return { code: 'revocation_unavailable', detail: `the issuer ${detail}` }
}

/** As form-encoding does it, which leaves what Okta puts into ids and secrets as it is (RFC 6749 §2.3.1). */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+')
}
