import { isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import { whyUnreachable } from '../../okta/unreachable.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../finding.ts'
import type { Installation } from '../installation.ts'

const timeoutMs = 10_000
const maxBytes = 262_144

/** API B refuses a token that acts for nobody: Okta issues such tokens whenever the hook does not answer. */
export const checkPlainToken: Check = async (installation) => {
  const check = 'API B and plain tokens'
  const requested = installation.plainToken === undefined ? await requestPlainToken(installation) : undefined
  const token = installation.plainToken ?? requested?.token
  const found = requested === undefined ? [] : [requested.finding]
  const { apiB } = installation
  if (apiB === undefined)
    return [
      ...found,
      skipped(check, 'API B was not asked', 'give --api-b, a resource of it that needs a token'),
    ]
  if (token === undefined)
    return [
      ...found,
      skipped(
        check,
        'there is no plain token to try',
        'give --plain-token FILE, a token of a rule without the hook',
      ),
    ]
  return [...found, await offer(check, token, apiB, installation)]
}

async function offer(check: string, token: string, apiB: string, { fetch }: Installation): Promise<Finding> {
  try {
    const { status, body } = await fetch(apiB, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await body?.cancel()
    if (status === 401 || status === 403) return ok(check, `refused with ${status}`)
    if (status >= 200 && status < 300)
      return failure(
        check,
        `accepted with ${status}`,
        'verify tokens with @behalf/verify: while the hook is down, everybody with a client could act as nobody',
      )
    return warning(
      check,
      `it answers ${status}, which proves nothing`,
      'give --api-b a resource that exists and needs a token',
    )
  } catch (error) {
    const { code, remedy } = whyUnreachable(error)
    return failure(check, `API B did not answer: ${code}`, `${remedy}; check --api-b, too`)
  }
}

interface PlainTokenRequest {
  readonly token?: string
  readonly finding: Finding
}

/** Asks for a token without an assertion, as a client that acts for itself would. */
async function requestPlainToken({
  issuer,
  client,
  scopes,
  fetch,
}: Installation): Promise<PlainTokenRequest | undefined> {
  const check = 'token without a user'
  if (issuer === undefined || client === undefined) return undefined
  const tokenEndpoint = `${issuer}/v1/token`
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scopes.length > 0) body.set('scope', scopes.join(' '))
  const headers = new Headers({ accept: 'application/json' })
  try {
    await client.auth.authenticate(
      { issuer, token_endpoint: tokenEndpoint },
      { client_id: client.clientId },
      body,
      headers,
    )
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(tokenEndpoint, { method: 'POST', headers, body, redirect: 'manual', signal })
    const parsed = parseStrictJson((await readText(response, maxBytes)) ?? '', 8)
    const answer = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
    const { access_token: token, error } = answer
    if (typeof token === 'string')
      return {
        token,
        finding: warning(
          check,
          'issued, plain',
          'fine if configured so (missingAssertion: unchanged); otherwise the hook is down, not attached or bypassed',
        ),
      }
    return error === 'server_error'
      ? { finding: ok(check, 'the hook denies it') }
      : {
          finding: failure(
            check,
            `Okta refuses the client: ${typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : response.status}`,
            'check the credentials, the scopes and that the policy admits the client',
          ),
        }
  } catch (error) {
    const { code, remedy } = whyUnreachable(error)
    return { finding: failure(check, `the token endpoint did not answer: ${code}`, remedy) }
  }
}
