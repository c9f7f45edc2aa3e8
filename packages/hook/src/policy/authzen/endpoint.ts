import type { Clock, Fetch, Result } from '@behalf/core'
import { fail, fetchJson, isJsonObject, isTrustworthyUrl, KeptFresh, pass } from '@behalf/core/internal'
import { PolicyUnavailable } from '../policy-unavailable.ts'

const maxBytes = 65_536
/** Well inside the time that a policy has. */
const fetchTimeoutMs = 700

/**
 * Finds the access evaluation endpoint through the decision point's metadata, which must name exactly this
 * decision point and an endpoint on its origin. One without metadata is asked where the standard has it.
 *
 * @see https://openid.net/specs/authorization-api-1_0.html (Policy Decision Point Metadata)
 */
export class EvaluationEndpoint {
  readonly #pdp: string
  readonly #fetch: Fetch
  readonly #location: KeptFresh<string, string>

  constructor(pdp: string, fetch: Fetch, clock: Clock) {
    this.#pdp = pdp
    this.#fetch = fetch
    this.#location = new KeptFresh({
      maxAgeMs: 600_000,
      refreshAfterMs: 300_000,
      staleForMs: 86_400_000,
      retryAfterMs: 0,
      missCooldownMs: 0,
      fetchTimeoutMs,
      fetch: (signal) => this.#discover(signal),
      lateFault: () => "the decision point's metadata did not arrive in time",
      clock,
    })
  }

  /** @throws PolicyUnavailable when the metadata cannot be had or must not be used */
  async locate(): Promise<string> {
    const location = await this.#location.fresh()
    if (location !== undefined) return location
    throw new PolicyUnavailable(this.#location.fault ?? "the decision point's metadata is not there")
  }

  async #discover(signal: AbortSignal): Promise<Result<string, string>> {
    const { origin, pathname } = new URL(this.#pdp)
    const path = pathname.replace(/\/$/, '')
    const url = `${origin}/.well-known/authzen-configuration${path}`
    const answer = await fetchJson(url, { fetch: this.#fetch, signal, maxBytes })
    if (!answer.ok && answer.fault.status === 404) return pass(`${origin}${path}/access/v1/evaluation`)
    if (!answer.ok) return fail(`the decision point's metadata ${answer.fault.detail}`)
    const metadata = isJsonObject(answer.value) ? answer.value : {}
    if (metadata['policy_decision_point'] !== this.#pdp)
      return fail("the decision point's metadata names another decision point")
    const endpoint = metadata['access_evaluation_endpoint']
    return typeof endpoint === 'string' && isTrustworthyUrl(endpoint) && new URL(endpoint).origin === origin
      ? pass(endpoint)
      : fail(
          "the decision point's metadata names no usable endpoint on its origin; configure evaluationEndpoint",
        )
  }
}
