import type { Clock, Fetch } from '@behalf/core'
import { fetchJson, isJsonObject, isTrustworthyUrl } from '@behalf/core/internal'
import { PolicyUnavailable } from '../policy-unavailable.ts'

/** How long a decision point's metadata counts. */
const maxAgeMs = 600_000
const maxBytes = 65_536

/**
 * Finds the access evaluation endpoint through the decision point's metadata, which must name exactly this
 * decision point and an endpoint on its origin. One without metadata is asked where the standard has it.
 *
 * @see https://openid.net/specs/authorization-api-1_0.html (Policy Decision Point Metadata)
 */
export class EvaluationEndpoint {
  readonly #pdp: string
  readonly #fetch: Fetch
  readonly #clock: Clock
  #known: { readonly url: string; readonly untilMs: number } | undefined

  constructor(pdp: string, fetch: Fetch, clock: Clock) {
    this.#pdp = pdp
    this.#fetch = fetch
    this.#clock = clock
  }

  /** @throws PolicyUnavailable when the metadata cannot be had or must not be used */
  async locate(signal: AbortSignal): Promise<string> {
    if (this.#known !== undefined && this.#clock.now() < this.#known.untilMs) return this.#known.url
    const url = await this.#discover(signal)
    this.#known = { url, untilMs: this.#clock.now() + maxAgeMs }
    return url
  }

  async #discover(signal: AbortSignal): Promise<string> {
    const { origin, pathname } = new URL(this.#pdp)
    const path = pathname.replace(/\/$/, '')
    const url = `${origin}/.well-known/authzen-configuration${path}`
    const answer = await fetchJson(url, { fetch: this.#fetch, signal, maxBytes })
    if (!answer.ok && answer.fault.status === 404) return `${origin}${path}/access/v1/evaluation`
    if (!answer.ok) throw new PolicyUnavailable(`the decision point's metadata ${answer.fault.detail}`)
    const metadata = isJsonObject(answer.value) ? answer.value : {}
    if (metadata['policy_decision_point'] !== this.#pdp)
      throw new PolicyUnavailable("the decision point's metadata names another decision point")
    const endpoint = metadata['access_evaluation_endpoint']
    if (typeof endpoint !== 'string' || !isTrustworthyUrl(endpoint) || new URL(endpoint).origin !== origin)
      throw new PolicyUnavailable(
        "the decision point's metadata names no usable endpoint on its origin; configure evaluationEndpoint",
      )
    return endpoint
  }
}
