import type { JsonObject } from '@behalf/core'
import { isScopeToken, isTrustworthyUrl } from '@behalf/core/internal'
import { obtainAssertion } from '../exchange/assertion.ts'
import { type Attempt, attemptExchange } from '../exchange/attempt.ts'
import { clientCredentialsHelp, readClientCredentials } from '../exchange/client-credentials.ts'
import { explainPlainToken } from '../exchange/plain-cause.ts'
import { readActors } from '../inspection/actors.ts'
import { drawActorChain } from '../terminal/actor-chain.ts'
import { describeClaims } from '../terminal/claims.ts'
import { type Command, type Terminal, UsageError } from '../terminal/command.ts'
import { readOptions } from '../terminal/options.ts'
import { paintFor } from '../terminal/paint.ts'
import { printable } from '../terminal/printable.ts'
import { whileWaiting } from '../terminal/progress.ts'
import { sideBySide } from '../terminal/side-by-side.ts'

/** Does one exchange and shows everything about it. */
export const exchange: Command = {
  name: 'exchange',
  summary: 'do one exchange as API A would, and show both tokens and the decision',
  help: `Usage: behalf exchange --issuer ISSUER [--scope S]... [--assertion FILE|- | --sign-in LOGIN]
                       [--audience AUDIENCE] [--user-issuer ISSUER] [--app CLIENT_ID] [--json]

Asks the authorization server for a delegated token, shows the claims of the user's token and of the token that it
issued side by side, the decision, and whether an API B would accept the result. Exit code 0 when it would, else 1.

  --issuer ISSUER       the authorization server that issues the delegated token
  --scope S             a scope to ask for; may be repeated
  --assertion FILE      the user's access token; - reads it from standard input; ASSERTION by default
  --sign-in LOGIN       sign this user in at a sandbox instead
  --audience AUDIENCE   what API B calls itself; the token's own aud by default
  --user-issuer ISSUER  where --sign-in signs in; the issuer by default
  --app CLIENT_ID       the app that --sign-in signs in to; with OKTA_ORG_URL and OKTA_API_TOKEN the only one
                        of the sandbox, else its single-page app by default
  --json                print one JSON document instead

The credentials are read from the environment:
${clientCredentialsHelp}

Examples:
  CLIENT_ID=0oaApiA CLIENT_KEY_FILE=api-a.pem behalf exchange \\
    --issuer https://example.okta.com/oauth2/default --scope orders:read --assertion user-token.txt
  CLIENT_ID=… CLIENT_SECRET=… behalf exchange --issuer http://127.0.0.1:8090/oauth2/default --sign-in alice@example.com`,

  async run(args, terminal) {
    const options = readOptions(args, {
      issuer: { type: 'string' },
      scope: { type: 'string', multiple: true },
      assertion: { type: 'string' },
      'sign-in': { type: 'string' },
      audience: { type: 'string' },
      'user-issuer': { type: 'string' },
      app: { type: 'string' },
      json: { type: 'boolean' },
    })
    const { issuer, audience, scope: scopes = [] } = options
    if (issuer === undefined || !isTrustworthyUrl(issuer) || issuer.includes('?'))
      throw new UsageError('--issuer must be the https URL (http on loopback) of an authorization server')
    if (!scopes.every(isScopeToken))
      throw new UsageError('--scope must be one scope without blanks and quotes; repeat it for several')
    const credentials = await readClientCredentials(terminal.env)
    if (credentials === undefined)
      throw new UsageError('CLIENT_ID is not set; credentials are read from the environment')
    const source = { file: options.assertion, login: options['sign-in'], appId: options.app }
    const userIssuer = options['user-issuer'] ?? issuer
    const assertion = await obtainAssertion({ ...source, issuer: userIssuer }, terminal)
    if (assertion === undefined)
      throw new UsageError(
        "there is no user's token; give --assertion FILE, set ASSERTION, or --sign-in at a sandbox",
      )
    const attempted = await whileWaiting(
      terminal,
      'asking for a delegated token',
      attemptExchange({ ...credentials, issuer, assertion, scopes, audience }),
    )
    const plain = { issuer, clientId: credentials.clientId, scopes }
    const attempt =
      attempted.decision === 'plain'
        ? { ...attempted, reason: await explainPlainToken(plain, terminal) }
        : attempted
    if (options.json === true)
      terminal.print(JSON.stringify({ issuer, clientId: credentials.clientId, scopes, ...attempt }))
    else for (const line of describeAttempt(attempt, terminal)) terminal.print(line)
    return attempt.decision === 'permit' && attempt.apiB === 'accepts' ? 0 : 1
  },
}

function describeAttempt({ assertion, token, ...outcome }: Attempt, terminal: Terminal): string[] {
  const nowMs = terminal.clock.now()
  const block = (title: string, claims: JsonObject | undefined): string[] => [
    title,
    ...(claims === undefined ? ['  none'] : describeClaims(claims, nowMs)),
  ]
  return [
    ...sideBySide(
      block("The user's token", assertion),
      block('The token that was issued', token),
      terminal.columns,
    ),
    '',
    ...describeChain(token),
    ...describeDecision(outcome, terminal),
  ]
}

function describeChain(token: JsonObject | undefined): string[] {
  const actors = readActors(token?.['act'])
  const subject = token?.['sub']
  return actors.length === 0 || typeof subject !== 'string'
    ? []
    : [...drawActorChain(subject, actors, ''), '']
}

function describeDecision(
  {
    decision,
    code,
    reason,
    apiB,
    apiBDetail,
    durationMs,
  }: Pick<Attempt, 'decision' | 'code' | 'reason' | 'apiB' | 'apiBDetail' | 'durationMs'>,
  terminal: Terminal,
): string[] {
  const paint = paintFor(terminal)
  const headline = {
    permit: `${paint.good('✓')} permitted: a delegated token was issued`,
    deny: `${paint.bad('✗')} denied by the hook: ${code}`,
    plain: `${paint.bad('✗')} a plain token was issued, which acts for nobody`,
    failed: `${paint.bad('✗')} no token: ${code}`,
  }[decision]
  return [
    `${headline}  ${paint.faint(`(${durationMs} ms)`)}`,
    ...(reason === undefined ? [] : [`  ${printable(reason)}`]),
    ...(apiB === undefined
      ? []
      : [
          apiB === 'accepts'
            ? `${paint.good('✓')} API B accepts it`
            : `${paint.bad('✗')} API B refuses it: ${apiB}${apiBDetail === undefined ? '' : ` (${printable(apiBDetail)})`}`,
        ]),
  ]
}
