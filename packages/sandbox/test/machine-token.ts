import type { Sandbox } from '@behalf/sandbox'
import { decodeJwt, type JWTPayload } from 'jose'

/** What the token endpoint answered to a machine. */
export interface MachineAnswer {
  readonly status: number
  readonly body: Record<string, unknown>
  /** The claims of the access token, unverified; empty when there is none. */
  readonly claims: JWTPayload & Record<string, unknown>
}

/** Asks for a machine token as API A of the default org. */
export async function requestMachineToken(
  sandbox: Sandbox,
  { query = '', form = {}, server = 'default', headers = basic() }: MachineRequest = {},
): Promise<MachineAnswer> {
  const response = await fetch(`${sandbox.url}/oauth2/${server}/v1/token${query}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read', ...form }),
  })
  const body: Record<string, unknown> = Object(await response.json())
  const token = body['access_token']
  return { status: response.status, body, claims: typeof token === 'string' ? decodeJwt(token) : {} }
}

export interface MachineRequest {
  readonly query?: string
  readonly form?: Record<string, string>
  readonly server?: string
  readonly headers?: Record<string, string>
}

/** The header of client_secret_basic. */
export function basic(
  clientId = '0oaApiA0000000000001',
  secret = 'api-a-secret-for-the-sandbox-only',
): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` }
}
