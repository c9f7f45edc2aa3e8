import type { JsonObject } from '@behalf/core'
import { obtainAssertion } from '../exchange/assertion.ts'
import { type Attempt, attemptExchange } from '../exchange/attempt.ts'
import { readClientCredentials } from '../exchange/client-credentials.ts'
import { explainPlainToken } from '../exchange/plain-cause.ts'
import { readActors } from '../inspection/actors.ts'
import { drawActorChain } from '../terminal/actor-chain.ts'
import { describeClaims } from '../terminal/claims.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import { readInsecureHosts } from '../terminal/insecure-hosts.ts'
import { bad, doubtful, faint, good, type Line, line } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import { sideBySide } from '../terminal/side-by-side.ts'
import type { Input } from '../terminal/usage.ts'
import type { exchange } from '../usage/exchange.ts'

/** Does one exchange and shows everything about it. */
export async function run({ options }: Input<typeof exchange>, terminal: Terminal): Promise<number> {
  const { issuer, audience, resource, scope: scopes } = options
  const credentials = await readClientCredentials(terminal.env)
  if (credentials === undefined)
    throw new UsageError('CLIENT_ID is not set; credentials are read from the environment')
  const source = { file: options.assertion, login: options['sign-in'], appId: options.app }
  const insecureHosts = readInsecureHosts(terminal.env)
  const assertion = await obtainAssertion({ ...source, issuer, userIssuer: options['user-issuer'] }, terminal)
  if (assertion === undefined)
    throw new UsageError(
      "there is no user's token; give --assertion FILE, set ASSERTION, or --sign-in at a sandbox",
    )
  const attempted = await whileWaiting(
    terminal,
    'asking for a delegated token',
    attemptExchange({ ...credentials, issuer, assertion, scopes, resource, audience, insecureHosts }),
  )
  const plain = { issuer, clientId: credentials.clientId, scopes }
  const attempt =
    attempted.decision === 'plain'
      ? { ...attempted, reason: await explainPlainToken(plain, terminal) }
      : attempted
  if (options.json) printJson(terminal, { issuer, clientId: credentials.clientId, scopes, ...attempt })
  else for (const line of describeAttempt(attempt, terminal)) terminal.print(line)
  return attempt.decision === 'permit' && attempt.apiB === 'accepts' ? 0 : 1
}

function describeAttempt({ assertion, token, ...outcome }: Attempt, terminal: Terminal): Line[] {
  const nowMs = terminal.clock.now()
  const block = (title: string, claims: JsonObject | undefined): Line[] => [
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
    ...describeDecision(outcome),
  ]
}

function describeChain(token: JsonObject | undefined): string[] {
  const actors = readActors(token?.['act'])
  const subject = token?.['sub']
  return actors.length === 0 || typeof subject !== 'string'
    ? []
    : [...drawActorChain(subject, actors, ''), '']
}

function describeDecision({
  decision,
  code,
  reason,
  sealed,
  apiB,
  apiBDetail,
  durationMs,
}: Pick<Attempt, 'decision' | 'code' | 'reason' | 'sealed' | 'apiB' | 'apiBDetail' | 'durationMs'>): Line[] {
  const headline = {
    permit: line`${good('✓')} permitted: a delegated token was issued`,
    deny: line`${bad('✗')} denied by the hook: ${code ?? ''}`,
    plain: line`${bad('✗')} a plain token was issued, which acts for nobody`,
    failed: line`${bad('✗')} no token: ${code ?? ''}`,
  }[decision]
  const why = apiBDetail === undefined ? '' : ` (${apiBDetail})`
  return [
    line`${headline}  ${faint(`(${durationMs} ms)`)}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    // Where there was no answer, nothing may have been sent.
    ...(decision === 'failed' ? [] : [sealed ? travelledSealed : travelledBare]),
    ...(apiB === undefined
      ? []
      : [
          apiB === 'accepts'
            ? line`${good('✓')} API B accepts it`
            : line`${bad('✗')} API B refuses it: ${apiB}${why}`,
        ]),
  ]
}

const travelledSealed = line`${good('✓')} the user's token travelled sealed`
const travelledBare = line`${doubtful('!')} the user's token stood in the URL as it is, and so in Okta's log; SEAL_JWKS_URI seals it`
