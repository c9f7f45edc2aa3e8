import { type Clock, type Fetch, systemClock } from '@behalf/core'
import {
  describeNetworkFault,
  inTime,
  isTrustworthyUrl,
  late,
  Places,
  parseStrictJson,
  readText,
  runtimeFetch,
} from '@behalf/core/internal'
import * as v from 'valibot'
import { findOptionFaults } from '../../errors/option-faults.ts'
import { closedObject } from '../../errors/schema-faults.ts'
import type { PolicyDecision } from '../decision.ts'
import type { DecisionPoint } from '../decision-point.ts'
import type { Delegation } from '../delegation.ts'
import { FaultyPoint } from '../faulty-point.ts'
import { PolicyUnavailable } from '../policy-unavailable.ts'
import { forbidWithout } from '../required-claims.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { EvaluationEndpoint } from './endpoint.ts'
import { evaluationRequest, readEvaluationResponse } from './evaluation.ts'

/** Which decision point is asked, how, and what it may cost. */
export interface AuthzenOptions {
  /** The decision point's identifier, e.g. `https://pdp.example.com`; its metadata is at its well-known place. */
  readonly pdp: string
  /** The access evaluation endpoint, when the metadata is not to be asked for it. */
  readonly evaluationEndpoint?: string | undefined
  /**
   * The bearer token, visible ASCII, or a function that returns it; an undefined token is a fault. The function
   * is called for every question, within its time; one that fails is a failure of the decision point. For
   * mutual TLS pass a `fetch` instead.
   */
  readonly token?: string | (() => string | Promise<string>)
  /** The claims of the assertion that the decision point gets to see; `'all'` by default. */
  readonly claims?: 'all' | readonly string[] | undefined
  /** Claims without which an assertion is forbidden and nothing is asked; none by default. */
  readonly requiredClaims?: readonly string[] | undefined
  /**
   * For one decision, everything included, 1 to 2 500 ms; 800 by default, and never longer than
   * `limits.policyTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined
  /** How many questions may be under way at once, 1 to 10 000; more are denied at once. 64 by default. */
  readonly maxConcurrent?: number | undefined
  /**
   * After this many failures in a row, 1 to 1 000, the decision point is left alone for `breakerOpenMs`; 5 by
   * default. Statuses that find fault with the question (400, 413, 414, 422) are no failures.
   */
  readonly breakerFailures?: number | undefined
  /** 1 to 600 000; 5 000 by default. */
  readonly breakerOpenMs?: number | undefined
  /** The largest answer, 1 to 1 048 576 bytes; 65 536 by default. */
  readonly maxResponseBytes?: number | undefined
  /** What makes the calls; `createMutualTlsFetch` of `@behalf/hook/mutual-tls` presents a certificate. */
  readonly fetch?: Fetch | undefined
  readonly clock?: Clock | undefined
}

const maxJsonDepth = 32

/**
 * Returns a remote decision point that speaks the OpenID AuthZEN Authorization API 1.0. An answer other than a
 * boolean decision, in time, is no decision (`policy_unavailable`). Redirects are not followed. A call whose
 * connection fails is made once more, because a kept connection may have been closed; a slow one is not.
 *
 * @example
 * ```ts
 * import { authzen } from '@behalf/hook/authzen'
 *
 * const policy = authzen({ pdp: 'https://pdp.example.com', token: process.env['PDP_TOKEN'] ?? '' })
 * ```
 * @see https://openid.net/specs/authorization-api-1_0.html
 */
export function authzen(options: AuthzenOptions): DecisionPoint {
  const faults = findOptionFaults('policy', optionsSchema, options)
  if (faults.length > 0) return new FaultyPoint(faults, 'the options of the decision point are faulty')
  const { fetch = runtimeFetch, clock = systemClock, timeoutMs = 800, maxConcurrent = 64 } = options
  const { breakerFailures = 5, breakerOpenMs = 5_000, requiredClaims = [] } = options
  const breaker = new CircuitBreaker({ failures: breakerFailures, openMs: breakerOpenMs, clock })
  const endpoint = new EvaluationEndpoint(options.pdp, fetch, clock)
  const claims = options.claims === undefined || options.claims === 'all' ? 'all' : new Set(options.claims)
  const places = new Places(maxConcurrent)

  const evaluate = async (
    delegation: Delegation,
    body: string,
    signal: AbortSignal,
  ): Promise<PolicyDecision> => {
    const url = options.evaluationEndpoint ?? (await endpoint.locate())
    const token = typeof options.token === 'function' ? await options.token() : options.token
    const init = {
      method: 'POST',
      body,
      signal,
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...requestId(delegation),
      },
    } as const
    const response = await callTwice(() => fetch(url, init), signal)
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new AnsweredOtherwise(response.status)
    }
    const text = await readText(response, options.maxResponseBytes ?? 65_536)
    if (text === undefined) throw new PolicyUnavailable('the decision point answered too much')
    const parsed = parseStrictJson(text, maxJsonDepth)
    if (!parsed.ok) throw new PolicyUnavailable('the decision point answered something that is not JSON')
    return readEvaluationResponse(parsed.value)
  }

  return {
    faults,
    async decide(delegation, signal) {
      const incomplete = forbidWithout(requiredClaims, delegation)
      if (incomplete !== undefined) return incomplete
      const body = JSON.stringify(evaluationRequest(delegation, claims))
      if (places.areTaken) throw new PolicyUnavailable('too many questions to the decision point')
      if (!breaker.admit()) throw new PolicyUnavailable('the decision point is left alone after failures')
      places.take()
      try {
        const ask = (ended: AbortSignal) => evaluate(delegation, body, ended)
        const decision = await inTime(ask, { clock, timeoutMs, signal })
        if (decision === late) throw new PolicyUnavailable('the decision point did not answer in time')
        breaker.succeeded()
        return decision
      } catch (error) {
        // A refusal of this one question says nothing about the next one's chances.
        if (error instanceof AnsweredOtherwise && error.isAboutTheQuestion) breaker.succeeded()
        else breaker.failed()
        if (error instanceof PolicyUnavailable) throw error
        // What transports throw quotes URLs and answers, so only the code is kept.
        const { code } = describeNetworkFault(error)
        throw new PolicyUnavailable(
          `the decision point cannot be reached${code === undefined ? '' : ` (${code})`}`,
        )
      } finally {
        places.release()
      }
    },
  }
}

/** The decision point answered, but with another status than 200. */
class AnsweredOtherwise extends PolicyUnavailable {
  /** Whether it found fault with the question rather than being in trouble itself, or not knowing the hook. */
  readonly isAboutTheQuestion: boolean

  constructor(status: number) {
    super(`the decision point answered ${status}`)
    this.isAboutTheQuestion = [400, 413, 414, 422].includes(status)
  }
}

async function callTwice(call: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    return await call()
  } catch (error) {
    if (signal.aborted) throw error
    return call()
  }
}

/** Okta's id of the token request, so that both logs can be laid side by side. */
function requestId({ request }: Delegation): Record<string, string> {
  return request.id !== undefined && /^[\x21-\x7e]{1,200}$/.test(request.id)
    ? { 'x-request-id': request.id }
    : {}
}

const url = v.pipe(
  v.string('must be a string'),
  v.check(
    isTrustworthyUrl,
    'must be an https URL (http only on loopback) without blanks, user information or fragment',
  ),
  v.check((value) => !value.includes('?'), 'must have no query'),
)
const count = (max: number) => {
  const message = `must be a whole number from 1 to ${max}`
  return v.optional(
    v.pipe(v.number(message), v.integer(message), v.minValue(1, message), v.maxValue(max, message)),
  )
}
const optionsSchema = closedObject({
  pdp: url,
  evaluationEndpoint: v.optional(url),
  // One check with one sentence, because a schema's own messages quote the value.
  token: v.exactOptional(
    v.custom<string | (() => string)>(
      (value) => typeof value === 'function' || (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)),
      'must be visible ASCII or a function; is the environment variable set?',
    ),
  ),
  claims: v.optional(
    v.union([v.literal('all'), v.array(v.string())], "must be 'all' or a list of claim names"),
  ),
  requiredClaims: v.optional(
    v.array(
      v.pipe(v.string('must be a string'), v.nonEmpty('must not be empty')),
      'must be a list of claim names',
    ),
  ),
  timeoutMs: count(2_500),
  maxConcurrent: count(10_000),
  breakerFailures: count(1_000),
  breakerOpenMs: count(600_000),
  maxResponseBytes: count(1_048_576),
  fetch: v.optional(v.custom<Fetch>((value) => typeof value === 'function', 'must be a function')),
  clock: v.optional(v.custom<Clock>((value) => typeof value === 'object', 'must be a clock')),
})
