import { type Client, type ClientOptions, clientSecretBasic, createClient } from '@behalf/client'
import { generateSigningKey, type LooseObject, ManualClock, TestIssuer, userClaims } from '@behalf/testing'
import { type Access, createVerifier, type Verifier } from '@behalf/verify'
import { onTestFinished } from 'vitest'
import { AuthorizationServer } from '../../client/test/support/authorization-server.ts'
import { createTokenEndpoint, type TokenEndpointOptions } from '../src/index.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
export const jwtType = 'urn:ietf:params:oauth:token-type:jwt'

const usersKey = generateSigningKey()

/** The users' issuer, Okta's token endpoint, and a client and a verifier between them. */
export interface World {
  readonly clock: ManualClock
  readonly users: TestIssuer
  readonly okta: AuthorizationServer
  readonly verifier: Verifier<Access>
  /** A user's token for API A, as its issuer signs it. */
  subject(claims?: LooseObject): string
  client(options?: Partial<ClientOptions>): Client
  /** A token endpoint for one target, `api://b`, on loopback. */
  endpoint(options?: Partial<TokenEndpointOptions>): (request: Request) => Promise<Response>
}

/** Starts the servers; they stop when the test ends. */
export async function startWorld(): Promise<World> {
  const clock = new ManualClock()
  const users = await TestIssuer.start([usersKey])
  onTestFinished(() => users.close())
  const okta = await AuthorizationServer.start(clock)
  onTestFinished(() => okta.close())
  const verifier = createVerifier({
    issuer: users.issuer,
    audience: 'api://a',
    accept: ['user', 'machine'],
    clock,
  })
  const client = (options: Partial<ClientOptions> = {}): Client =>
    createClient({
      issuer: okta.issuer,
      clientId: '0oaApiA',
      auth: clientSecretBasic('secret-of-api-a'),
      clock,
      random: () => 0,
      onWarning: () => undefined,
      ...options,
    })
  return {
    clock,
    users,
    okta,
    verifier,
    client,
    subject: (claims) => users.sign(userClaims(clock.seconds, claims)),
    endpoint: (options = {}) =>
      createTokenEndpoint({
        verifier,
        client: client(),
        targets: { 'api://b': {} },
        callers: 'loopback',
        clock,
        ...options,
      }),
  }
}

/** Parameters of a request; undefined leaves one out, a list repeats it. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>

/** A token exchange request as a caller on this machine sends it. */
export function exchangeRequest(
  parameters: Parameters,
  { url = 'http://127.0.0.1:8081/token', ...init }: RequestInit & { url?: string } = {},
): Request {
  const all = { grant_type: grantType, subject_token_type: accessTokenType, ...parameters }
  const body = new URLSearchParams(
    Object.entries(all).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
    ),
  )
  return new Request(url, { method: 'POST', body, ...init })
}

/** Status, error and the code that the description begins with. */
export async function faultOf(response: Response): Promise<readonly unknown[]> {
  const { error, error_description: description } = JSON.parse(await response.text())
  return [response.status, error, /^\w+(?=:)/.exec(description)?.[0]]
}
