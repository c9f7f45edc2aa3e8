import type { DelegatedAccessToken } from '@behalf/client'
import { ExchangeError } from '@behalf/client'
import { Places } from '@behalf/core/internal'
import { type Access, TokenError } from '@behalf/verify'
import type { HttpAnswer, HttpCall } from '../http/call.ts'
import { readForm } from '../http/form.ts'
import { createAdmission } from './callers.ts'
import { type ExchangeRequest, readExchangeRequest } from './exchange-request.ts'
import { answerFault, describeCode, type OAuthFault, refuse, tokenHeaders } from './oauth-fault.ts'
import type { TokenEndpointSettings } from './options.ts'
import { answerDefect, answerRefusal } from './refusals.ts'
import { type CompleteTarget, chooseTarget } from './target.ts'

/** Answers requests to the token endpoint, whatever runtime they come through. */
export type TokenExchange = (call: HttpCall) => Promise<HttpAnswer>

/**
 * Makes the way of a request through the token endpoint: the caller, its parameters, the target, the subject token, and
 * only then the client with its cache.
 */
export function createTokenExchange(settings: TokenEndpointSettings): TokenExchange {
  const { targets, maxBodyBytes, clock, onRefusal } = settings
  const admit = createAdmission(settings.callers)

  const places = new Places(maxUnderWay)
  const issue = createIssuance()

  const answer = async (call: HttpCall, name: (caller: string | undefined) => void) => {
    if (call.method !== 'POST') return refuse('invalid_request', 'the only method is POST', onlyPost)
    const admitted = admit(call)
    if (!admitted.ok) return admitted.fault
    name(admitted.value)
    if (call.target.includes('?')) return refuse('invalid_request', 'parameters belong into the body')
    const form = await readForm(call, maxBodyBytes)
    if (!form.ok) {
      const { status, problem } = form.fault
      return refuse('invalid_request', problem, { status })
    }
    const request = readExchangeRequest(form.value)
    if (!request.ok) return request.fault
    const wish = chooseTarget(request.value, targets)
    if (!wish.ok) return wish.fault
    const { target, scopes } = wish.value
    const refused =
      (await examineSubject(request.value, settings)) ?? (await examineActor(request.value, target, settings))
    if (refused !== undefined) return refused
    const token = await target.client.acquireToken({
      assertion: request.value.subjectToken,
      scopes,
      ...(target.resource === undefined ? {} : { resource: target.resource }),
    })
    return issue(token, request.value, clock.now() / 1000)
  }

  return async (call) => {
    let caller: string | undefined
    const outcome = places.take()
      ? await answer(call, (name) => {
          caller = name
        })
          .catch(answerThrown)
          .finally(() => places.release())
      : answerRefusal(new TokenError('overloaded'))
    if ('body' in outcome) return outcome
    const { status, error, description, cause } = outcome
    onRefusal?.({ status, error, description, caller, ...(cause === undefined ? {} : { cause }) })
    return answerFault(outcome)
  }
}

/** How many requests may be under way; each holds a body, and a place at Okta at the worst. */
const maxUnderWay = 1_000
const onlyPost = { status: 405, headers: { allow: 'POST' } }

function answerThrown(thrown: unknown): OAuthFault {
  return thrown instanceof TokenError || thrown instanceof ExchangeError
    ? answerRefusal(thrown)
    : answerDefect(thrown)
}

/** A machine has nobody on whose behalf anybody could act. */
async function examineSubject(
  { subjectToken }: ExchangeRequest,
  { verifier }: TokenEndpointSettings,
): Promise<OAuthFault | undefined> {
  const { kind } = await verifier.verify(subjectToken)
  return kind === 'machine' ? answerRefusal(new ExchangeError('assertion_subject_machine')) : undefined
}

/** Whoever is named as the actor must be the client that the token will name. */
async function examineActor(
  { actorToken }: ExchangeRequest,
  { client }: CompleteTarget,
  { actorVerifier }: TokenEndpointSettings,
): Promise<OAuthFault | undefined> {
  if (actorToken === undefined) return undefined
  if (actorVerifier === undefined)
    return refuse(
      'invalid_request',
      'an actor_token is not taken here; the actor is the client of this endpoint',
    )
  const actor: Access = await actorVerifier.verify(actorToken)
  return actor.kind === 'machine' && actor.client === client.clientId
    ? undefined
    : refuse('invalid_request', describeCode('actor_mismatch'))
}

/** Makes the answers for tokens; of one that is asked for again, what does not change is written once. */
function createIssuance(): (
  token: DelegatedAccessToken,
  request: ExchangeRequest,
  nowSeconds: number,
) => HttpAnswer {
  const written = new WeakMap<DelegatedAccessToken, string>()
  const write = (token: DelegatedAccessToken): string => {
    const { accessToken, tokenType, scopes } = token
    const parts = { access_token: accessToken, token_type: tokenType, scope: scopes.join(' ') }
    const text = JSON.stringify(parts).slice(0, -1)
    written.set(token, text)
    return text
  }
  /** @see https://www.rfc-editor.org/rfc/rfc8693#section-2.2.1 */
  return (token, { issuedTokenType }, nowSeconds) => {
    const expiresIn = Math.max(0, Math.floor(token.expiresAt - nowSeconds))
    const lasting = written.get(token) ?? write(token)
    const body = `${lasting},"issued_token_type":"${issuedTokenType}","expires_in":${expiresIn}}`
    return { status: 200, headers: tokenHeaders, body }
  }
}
