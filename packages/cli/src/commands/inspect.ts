import { type Inspection, inspectToken } from '../inspection/inspect-token.ts'
import { kindNames } from '../inspection/kind.ts'
import { drawActorChain } from '../terminal/actor-chain.ts'
import { describeClaims } from '../terminal/claims.ts'
import type { Terminal } from '../terminal/command.ts'
import { readInsecureHosts } from '../terminal/insecure-hosts.ts'
import { bad, doubtful, good, type Line, line, strong } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { inspect } from '../usage/inspect.ts'

/** Shows what a token says and what is wrong with it. */
export async function run({ options, words }: Input<typeof inspect>, terminal: Terminal): Promise<number> {
  const { issuer, audience } = options
  const token = await readToken(words, terminal)
  const inspection = await whileWaiting(
    terminal,
    "fetching the issuer's keys",
    inspectToken(token, {
      clock: terminal.clock,
      issuer,
      audience,
      insecureHosts: readInsecureHosts(terminal.env),
    }),
  )
  if (options.json) printJson(terminal, inspection)
  else for (const line of describeInspection(inspection, terminal)) terminal.print(line)
  return inspection.flaws.length === 0 ? 0 : 1
}

async function readToken([word = '']: readonly string[], terminal: Terminal): Promise<string> {
  const text = word === '-' ? await terminal.readInput() : word
  return text.trim().replace(/^Bearer +/i, '')
}

function describeInspection({ kind, header, claims, ...found }: Inspection, terminal: Terminal): Line[] {
  const nowMs = terminal.clock.now()
  const { sub } = claims
  const decoded =
    Object.keys(header).length === 0
      ? []
      : [
          strong(`A ${kindNames[kind]}`),
          '',
          strong('Header'),
          ...describeClaims(header, nowMs),
          '',
          strong('Claims'),
          ...describeClaims(claims, nowMs),
          '',
        ]
  const chain =
    found.actors.length === 0
      ? []
      : [strong('Actor chain'), ...drawActorChain(typeof sub === 'string' ? sub : '?', found.actors), '']
  return [...decoded, ...chain, ...describeVerdict(found)]
}

function describeVerdict({ signature, flaws }: Pick<Inspection, 'signature' | 'flaws'>): Line[] {
  const signatureLine = {
    verified: line`${good('✓')} the signature is the issuer's`,
    refused: line`${bad('✗')} it does not verify`,
    unchecked: line`${doubtful('?')} the signature was not checked; --issuer checks it`,
  }[signature]
  if (flaws.length === 0) return [signatureLine, line`${good('✓')} nothing wrong was found`]
  return [
    signatureLine,
    ...flaws.flatMap(({ problem, remedy }) => [line`${bad('✗')} ${problem}`, `  → ${remedy}`]),
  ]
}
