import { isTrustworthyUrl } from '@behalf/core/internal'
import { type Inspection, inspectToken } from '../inspection/inspect-token.ts'
import { kindNames } from '../inspection/kind.ts'
import { drawActorChain } from '../terminal/actor-chain.ts'
import { describeClaims } from '../terminal/claims.ts'
import { type Command, type Terminal, UsageError } from '../terminal/command.ts'
import { readArguments } from '../terminal/options.ts'
import { type Paint, paintFor } from '../terminal/paint.ts'
import { whileWaiting } from '../terminal/progress.ts'

/** Shows what a token says and what is wrong with it. */
export const inspect: Command = {
  name: 'inspect',
  summary: 'decode a token, verify it, draw its actor chain and say what is wrong with it',
  help: `Usage: behalf inspect TOKEN|- [--issuer ISSUER] [--audience AUDIENCE] [--json]

Decodes a JWT and says what is wrong with it; with --issuer it also verifies the signature with the issuer's
keys. The signature is never printed. Exit code 0 when nothing is wrong, 1 when something is.

  TOKEN                the token; - reads it from standard input, which keeps it out of the shell's history
  --issuer ISSUER      the authorization server, exactly as iss must spell it
  --audience AUDIENCE  the API that the token must be meant for
  --json               print one JSON document instead

Examples:
  pbpaste | behalf inspect -
  behalf inspect - --issuer https://example.okta.com/oauth2/default --audience api://orders < token.txt`,

  async run(args, terminal) {
    const { options, words } = readArguments(args, {
      issuer: { type: 'string' },
      audience: { type: 'string' },
      json: { type: 'boolean' },
    })
    const { issuer, audience } = options
    if (issuer !== undefined && !isTrustworthyUrl(issuer))
      throw new UsageError('--issuer must be an https URL (http on loopback)')
    const token = await readToken(words, terminal)
    const inspection = await whileWaiting(
      terminal,
      "fetching the issuer's keys",
      inspectToken(token, { clock: terminal.clock, issuer, audience }),
    )
    if (options.json === true) terminal.print(JSON.stringify(inspection))
    else for (const line of describeInspection(inspection, terminal)) terminal.print(line)
    return inspection.flaws.length === 0 ? 0 : 1
  },
}

async function readToken([word, ...others]: readonly string[], terminal: Terminal): Promise<string> {
  if (word === undefined || others.length > 0)
    throw new UsageError('expected one token, or - to read it from standard input')
  const text = word === '-' ? await terminal.readInput() : word
  return text.trim().replace(/^Bearer +/i, '')
}

function describeInspection({ kind, header, claims, ...found }: Inspection, terminal: Terminal): string[] {
  const paint = paintFor(terminal)
  const nowMs = terminal.clock.now()
  const { sub } = claims
  const decoded =
    Object.keys(header).length === 0
      ? []
      : [
          paint.strong(`A ${kindNames[kind]}`),
          '',
          paint.strong('Header'),
          ...describeClaims(header, nowMs),
          '',
          paint.strong('Claims'),
          ...describeClaims(claims, nowMs),
          '',
        ]
  const chain =
    found.actors.length === 0
      ? []
      : [
          paint.strong('Actor chain'),
          ...drawActorChain(typeof sub === 'string' ? sub : '?', found.actors),
          '',
        ]
  return [...decoded, ...chain, ...describeVerdict(found, paint)]
}

function describeVerdict(
  { signature, flaws }: Pick<Inspection, 'signature' | 'flaws'>,
  paint: Paint,
): string[] {
  const signatureLine = {
    verified: `${paint.good('✓')} the signature is the issuer's`,
    refused: `${paint.bad('✗')} it does not verify`,
    unchecked: `${paint.doubtful('?')} the signature was not checked; --issuer checks it`,
  }[signature]
  if (flaws.length === 0) return [signatureLine, `${paint.good('✓')} nothing wrong was found`]
  return [
    signatureLine,
    ...flaws.flatMap(({ problem, remedy }) => [`${paint.bad('✗')} ${problem}`, `  → ${remedy}`]),
  ]
}
