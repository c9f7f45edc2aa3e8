import { inspect } from 'node:util'
import {
  type Client,
  type ClientOptions,
  clientSecretBasic,
  createClient,
  ExchangeError,
} from '@behalf/client'
import { ManualClock } from '@behalf/testing'
import { onTestFinished } from 'vitest'
import { AuthorizationServer } from './authorization-server.ts'

/** Kept out of everything that is printed; see {@link assertNoLeak}. */
const clientSecret = 's3cret-that-must-not-leak'

/** A server and the means to make clients of it. */
export interface Fixture {
  readonly clock: ManualClock
  readonly server: AuthorizationServer
  /** A client `0oaApiA` of the server, on the fixture's clock. */
  client(options?: Partial<ClientOptions>): Client
}

/** Starts a server that stops when the test ends. */
export async function startFixture(): Promise<Fixture> {
  const clock = new ManualClock()
  const server = await AuthorizationServer.start(clock)
  onTestFinished(() => server.close())
  return {
    clock,
    server,
    client: (options = {}) =>
      createClient({
        issuer: server.issuer,
        clientId: '0oaApiA',
        auth: clientSecretBasic(clientSecret),
        clock,
        random: () => 0,
        onWarning: () => undefined,
        ...options,
      }),
  }
}

/** The {@link ExchangeError} that a promise rejects with; fails when it does not, or when the error leaks. */
export async function refusal(
  promise: Promise<unknown>,
  ...secrets: readonly string[]
): Promise<ExchangeError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ExchangeError)) throw new Error(`not an ExchangeError: ${inspect(error)}`)
  assertNoLeak(error, ...secrets)
  return error
}

/** Fails when printing a value in any way shows a secret, a JWT or the URL of a token request. */
export function assertNoLeak(value: unknown, ...secrets: readonly string[]): void {
  const printed = [
    inspect(value, { depth: 20, showHidden: true, getters: false, maxStringLength: null }),
    JSON.stringify(value),
    String(value),
    value instanceof Error ? `${value.stack} ${inspect(value.cause, { depth: 20, showHidden: true })}` : '',
  ].join('\n')
  if (/eyJ[\w-]{8,}/.test(printed)) throw new Error('a JWT was printed')
  for (const secret of [clientSecret, 'assertion=', ...secrets]) {
    if (printed.includes(secret)) throw new Error(`${secret.slice(0, 12)}… was printed`)
  }
}
