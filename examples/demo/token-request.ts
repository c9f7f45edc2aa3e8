import type { Json } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { secretOf } from './world.ts'

/** What Okta's token endpoint answered: a token, or an error with its description. */
export interface TokenAnswer {
  readonly token?: string
  readonly error?: string
}

/**
 * Asks for a token the way any client can, without an SDK in between that would look at it first.
 *
 * @param assertion - sealed or bare
 */
export async function requestToken(
  issuer: string,
  clientId: string,
  scope: string,
  assertion: string,
): Promise<TokenAnswer> {
  const url = new URL(`${issuer}/v1/token`)
  url.searchParams.set('assertion', assertion)
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secretOf(clientId)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  const answer: Json = JSON.parse(await response.text())
  if (!isJsonObject(answer)) throw new Error('the token endpoint answered with something else than an object')
  const { access_token: token, error_description: description, error } = answer
  return typeof token === 'string' ? { token } : { error: String(description ?? error) }
}
