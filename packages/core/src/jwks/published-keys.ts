import { type DocumentFetch, type FetchFault, fetchJson } from '../http/fetch-json.ts'
import type { InsecureHosts } from '../http/trustworthy-url.ts'
import { discoverEndpoint } from '../issuer/discovery.ts'
import type { Json } from '../json/json.ts'
import { fail, pass, type Result } from '../result.ts'
import { Jwks } from './jwks.ts'

/** Where an issuer publishes its keys, and how they are fetched. */
export interface PublishedKeysOptions {
  readonly issuer: string
  /** Where the keys are, unless the issuer's metadata is to say so. */
  readonly jwksUri: string | undefined
  readonly fetch: DocumentFetch
  readonly insecureHosts: InsecureHosts
  readonly maxBytes: number
}

/** The keys that an issuer publishes. Where they are is found once, and anew after a failure. */
export class PublishedKeys {
  readonly #options: PublishedKeysOptions
  #found: string | undefined
  #asked = 'metadata'

  constructor(options: PublishedKeysOptions) {
    this.#options = options
  }

  /** Fetches the keys; never throws. */
  async fetch(signal: AbortSignal): Promise<Result<Jwks, FetchFault>> {
    const found = this.#found
    // Until the keys are there, so that an attempt which fails or never ends leaves nothing behind.
    this.#found = undefined
    const located = await this.#locate(found, signal)
    if (!located.ok) return located
    this.#asked = 'key set'
    const answer = await this.#get(located.value, signal)
    if (!answer.ok) return fail({ ...answer.fault, detail: `the issuer's key set ${answer.fault.detail}` })
    const jwks = Jwks.parse(answer.value)
    if (jwks === undefined) return fail({ detail: "the issuer's key set holds no usable key" })
    this.#found = located.value
    return pass(jwks)
  }

  /** The fault of a fetch that was given up. */
  lateFault(): FetchFault {
    return { detail: `the issuer's ${this.#asked} did not answer in time` }
  }

  async #locate(found: string | undefined, signal: AbortSignal): Promise<Result<string, FetchFault>> {
    const { issuer, jwksUri = found, insecureHosts } = this.#options
    if (jwksUri !== undefined) return pass(jwksUri)
    this.#asked = 'metadata'
    return discoverEndpoint(issuer, 'jwks_uri', (url) => this.#get(url, signal), insecureHosts)
  }

  #get(url: string, signal: AbortSignal): Promise<Result<Json, FetchFault>> {
    const { fetch, maxBytes } = this.#options
    return fetchJson(url, { fetch, signal, maxBytes })
  }
}
