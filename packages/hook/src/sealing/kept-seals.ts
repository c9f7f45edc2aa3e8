import type { Clock, Denial, Result } from '@behalf/core'
import { deny, fail, inTime, late, pass, sealedAssertion } from '@behalf/core/internal'
import { describeError } from '../errors/internal-error.ts'
import type { SecretReader } from '../secrets/fetched-secrets.ts'
import { KnownSecrets } from '../secrets/known-secrets.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import { type ParsedSeal, parseSeal } from './parse-seal.ts'
import { readPayload } from './read-payload.ts'
import { findRepeated, readSealingKeys } from './read-sealing-keys.ts'
import type { SealStore } from './seal-store.ts'
import type { OpenedSeal, SealedText, SealingSurroundings, SealPurpose, Seals } from './sealing.ts'
import type { SealingKey } from './sealing-key.ts'
import { UsedSeals } from './used-seals.ts'

/** What seals are opened by, with every default filled in. */
export interface SealOptions {
  readonly required: boolean
  readonly clockToleranceSeconds: number
  readonly store: SealStore | undefined
  readonly maxClaims: number
}

/** What a seal has besides the assertion: names of parties, ids and JSON around them. */
const mostBesidesBytes = 2_048
const storeTimeoutMs = 200

/** The seals of one hook. */
export class KeptSeals implements Seals {
  readonly required: boolean
  readonly #options: SealOptions
  readonly #clock: Clock
  readonly #keys: KnownSecrets<SealingKey>
  readonly #maxLength: number
  readonly #used: UsedSeals

  constructor(
    keys: readonly (readonly SealingKey[] | SecretSource)[],
    options: SealOptions,
    { clock, maxAssertionBytes, maxWaiting }: SealingSurroundings,
  ) {
    this.required = options.required
    this.#options = options
    this.#clock = clock
    this.#keys = new KnownSecrets({ configured: keys, read, clock, maxWaiting })
    this.#maxLength = Math.ceil(((maxAssertionBytes + mostBesidesBytes) * 4) / 3)
    this.#used = new UsedSeals(options.maxClaims)
  }

  open(
    text: SealedText,
    purpose: SealPurpose,
  ): Result<OpenedSeal, Denial> | Promise<Result<OpenedSeal, Denial>> {
    const parsed = parseSeal(text, this.#maxLength)
    if (!parsed.ok) return parsed
    const seal = parsed.value
    const key = this.#keys.find(({ kid }) => kid === seal.kid)
    return key instanceof Promise
      ? key.then((found) => this.#openWith(found, seal, purpose))
      : this.#openWith(key, seal, purpose)
  }

  #openWith(key: SealingKey | undefined, seal: ParsedSeal, purpose: SealPurpose): Result<OpenedSeal, Denial> {
    if (key === undefined) return deny('seal_key_unknown', this.#keyHint())
    const plaintext = key.open(seal)
    return plaintext === undefined
      ? deny('seal_invalid', 'it was not sealed for the key that it names, or was changed')
      : this.#judgeContent(plaintext, purpose)
  }

  #judgeContent(plaintext: Uint8Array, purpose: SealPurpose): Result<OpenedSeal, Denial> {
    const payload = readPayload(plaintext)
    if (!payload.ok) return payload
    const { assertion, client_id, aud, resource, iat, jti } = payload.value
    if (client_id !== purpose.clientId) return deny('seal_client_mismatch')
    if (aud !== purpose.authorizationServer) return deny('seal_audience_mismatch')
    const { clockToleranceSeconds } = this.#options
    const nowSeconds = this.#nowSeconds()
    const expiresAt = iat + sealedAssertion.lifetimeSeconds + clockToleranceSeconds
    if (nowSeconds < iat - clockToleranceSeconds) return deny('seal_expired', 'it was made in the future')
    if (nowSeconds > expiresAt) return deny('seal_expired', 'it is too old')
    return pass({ assertion, resource, id: jti, expiresAt })
  }

  claim(
    clientId: string,
    { id, expiresAt }: OpenedSeal,
    deadline: { readonly signal: AbortSignal },
  ): Denial | undefined | Promise<Denial | undefined> {
    const { store, clockToleranceSeconds } = this.#options
    const nowSeconds = this.#nowSeconds()
    if (store === undefined) return denialOf(this.#used.claim(clientId, id, expiresAt, nowSeconds))
    // What a store has forgotten already would be new to it.
    if (nowSeconds > expiresAt) return { code: 'seal_expired' }
    return this.#ask(() => store.claim(clientId, id, expiresAt + clockToleranceSeconds), deadline.signal)
  }

  async #ask(claim: () => unknown, signal: AbortSignal): Promise<Denial | undefined> {
    try {
      const answer = await inTime(claim, { clock: this.#clock, timeoutMs: storeTimeoutMs, signal })
      if (answer === late) return unavailable('the store of used seals did not answer in time')
      if (typeof answer !== 'boolean')
        return unavailable('the store of used seals answered neither true nor false')
      return answer ? undefined : { code: 'seal_replayed' }
    } catch (error) {
      // The message may quote what was asked; the name says enough.
      const { name, code } = describeError(error)
      return unavailable(`the store of used seals threw ${name}${code === undefined ? '' : ` (${code})`}`)
    }
  }

  async load(): Promise<string | undefined> {
    await this.#keys.load()
    return this.fault
  }

  get fault(): string | undefined {
    return this.#keys.fault ?? (this.#areAmbiguous ? 'two that are different have the same kid' : undefined)
  }

  get ready(): boolean {
    return this.#keys.ready && !this.#areAmbiguous
  }

  async publish(): Promise<string | undefined> {
    const keys = await this.#keys.fresh()
    return keys.length === 0 ? undefined : JSON.stringify({ keys: keys.map(({ published }) => published) })
  }

  #nowSeconds(): number {
    return this.#clock.now() / 1_000
  }

  /** Each source was judged by itself. Two may bring the same key, as while one takes the place of another. */
  get #areAmbiguous(): boolean {
    const keys = this.#keys.known
    return keys.some((key) => keys.some((other) => other.kid === key.kid && !other.isSameAs(key)))
  }

  /** A client can only be told to fetch the keys again; why there are none is for the operator. */
  #keyHint(): string | undefined {
    const { fault } = this.#keys
    return fault === undefined ? undefined : `the keys could not be fetched: ${fault}`
  }
}

function denialOf(code: Denial['code'] | undefined): Denial | undefined {
  return code === undefined ? undefined : { code }
}

function unavailable(detail: string): Denial {
  return { code: 'seal_store_unavailable', detail }
}

const read: SecretReader<SealingKey> = (texts) => {
  const parts = texts.map(readSealingKeys)
  const keys = parts.flatMap((part) => part.keys)
  const [fault] = [...parts.flatMap((part) => part.faults), ...findRepeated(keys)]
  return fault === undefined ? pass(keys) : fail(`one of them ${fault.problem}`)
}
