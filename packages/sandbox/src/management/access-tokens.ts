import { randomBytes } from 'node:crypto'
import { createLocalJWKSet, errors, jwtVerify } from 'jose'
import type { App } from '../org/app.ts'
import { epochSeconds } from '../org/clock.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'

/** What the org's own token endpoint answers. */
export interface TokenAnswer {
  readonly status: 200 | 400 | 401
  readonly body: JsonObject
}

/** OAuth access to the management API, for apps that authenticate with `private_key_jwt`. */
export interface AccessTokens {
  /** Answers `POST /oauth2/v1/token`. */
  issue(form: URLSearchParams): Promise<TokenAnswer>
  /** The scopes of a token that has not expired. */
  scopesOf(token: string): readonly string[] | undefined
}

const lifetimeSeconds = 3600

/** Creates the org authorization server, as far as the management API needs it. */
export function createAccessTokens(org: Org): AccessTokens {
  const issued = new Map<string, { readonly scopes: readonly string[]; readonly exp: number }>()
  const audiences = [`${org.url}/oauth2/v1/token`, org.url]
  const now = (): number => epochSeconds(org.clock)

  /** The app whose key signed the assertion, for this endpoint and not too long ago. */
  const authenticate = async (assertion: string): Promise<App | undefined> => {
    const clientId = subjectOf(assertion)
    const app = org.apps.get(clientId ?? '')
    if (app?.status !== 'ACTIVE' || app.auth.method !== 'private_key_jwt') return undefined
    try {
      await jwtVerify(assertion, createLocalJWKSet({ keys: [...app.auth.keys] }), {
        audience: audiences,
        issuer: app.clientId,
        subject: app.clientId,
        currentDate: new Date(org.clock.now()),
        requiredClaims: ['exp'],
      })
      return app
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }

  return {
    async issue(form) {
      if (form.get('grant_type') !== 'client_credentials') return refusal(400, 'unsupported_grant_type')
      const app = await authenticate(form.get('client_assertion') ?? '')
      if (app === undefined) return refusal(401, 'invalid_client')
      const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
      if (scopes.length === 0 || !scopes.every((scope) => app.managementScopes.includes(scope))) {
        return refusal(400, 'invalid_scope')
      }
      const token = randomBytes(32).toString('base64url')
      issued.set(token, { scopes, exp: now() + lifetimeSeconds })
      const body = {
        token_type: 'Bearer',
        expires_in: lifetimeSeconds,
        access_token: token,
        scope: scopes.join(' '),
      }
      return { status: 200, body }
    },
    scopesOf(token) {
      const found = issued.get(token)
      if (found === undefined || found.exp > now()) return found?.scopes
      issued.delete(token)
      return undefined
    },
  }
}

function refusal(status: 400 | 401, error: string): TokenAnswer {
  return { status, body: { error, error_description: 'The management API gives no token to this request.' } }
}

function subjectOf(assertion: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    return String(Object(claims).sub)
  } catch {
    return undefined
  }
}
