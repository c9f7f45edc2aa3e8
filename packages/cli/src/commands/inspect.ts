import { inspectSeal, type SealInspection } from '../inspection/inspect-seal.ts'
import { type Inspection, inspectToken } from '../inspection/inspect-token.ts'
import { kindNames } from '../inspection/kind.ts'
import { readSealKeys } from '../sealing/seal-keys.ts'
import { sealHeaderOf } from '../sealing/sealed-text.ts'
import { drawActorChain } from '../terminal/actor-chain.ts'
import { describeClaims, describeTime } from '../terminal/claims.ts'
import type { Terminal } from '../terminal/command.ts'
import { readInsecureHosts } from '../terminal/insecure-hosts.ts'
import { bad, doubtful, good, type Line, line, strong } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { whileWaiting } from '../terminal/progress.ts'
import type { Input } from '../terminal/usage.ts'
import type { inspect } from '../usage/inspect.ts'

/** Shows what a token says and what is wrong with it. */
export async function run({ options, words }: Input<typeof inspect>, terminal: Terminal): Promise<number> {
  const text = await readToken(words, terminal)
  const keyFile = options['seal-key']
  const keys = keyFile === undefined ? undefined : await readSealKeys(keyFile)
  const header = sealHeaderOf(text)
  const found =
    header === undefined
      ? { assertion: text }
      : await inspectSeal(text, header, { clock: terminal.clock, keys })
  const seal = 'inspection' in found ? found.inspection : undefined
  const token = found.assertion === undefined ? undefined : await look(found.assertion, options, terminal)
  if (options.json) printJson(terminal, seal === undefined ? { ...token } : { ...seal, assertion: token })
  else {
    if (seal !== undefined) for (const line of describeSeal(seal, terminal)) terminal.print(line)
    if (token !== undefined) for (const line of describeInspection(token, terminal)) terminal.print(line)
  }
  // What was to be verified and could not be read is not fine.
  const isUnverified = token === undefined && (options.issuer ?? options.audience) !== undefined
  const flaws = [seal, token].flatMap((each) => each?.flaws ?? [])
  return flaws.length === 0 && !isUnverified ? 0 : 1
}

function look(
  token: string,
  { issuer, audience }: Input<typeof inspect>['options'],
  terminal: Terminal,
): Promise<Inspection> {
  const insecureHosts = readInsecureHosts(terminal.env)
  return whileWaiting(
    terminal,
    "fetching the issuer's keys",
    inspectToken(token, { clock: terminal.clock, issuer, audience, insecureHosts }),
  )
}

async function readToken([word = '']: readonly string[], terminal: Terminal): Promise<string> {
  const text = word === '-' ? await terminal.readInput() : word
  return text.trim().replace(/^Bearer +/i, '')
}

function describeSeal({ header, content, validUntil, flaws }: SealInspection, terminal: Terminal): Line[] {
  const nowMs = terminal.clock.now()
  const inside: Line[] =
    content === undefined
      ? [
          line`${doubtful('?')} it is for the hook that has the private half of the key ${`${header['kid']}`}; without that nobody can open it, and --seal-key FILE does`,
          '  it is taken for a minute from when it was made, and one more where clocks are apart: once, from one client, at one authorization server',
        ]
      : [
          strong('In it, besides the token'),
          ...describeClaims(content, nowMs),
          '',
          ...(validUntil === undefined
            ? []
            : [`it is taken until ${describeTime(validUntil * 1000, nowMs)}, once, from that client`]),
        ]
  return [
    strong('A sealed assertion: an access token that is encrypted for the hook'),
    '',
    strong('Header'),
    ...describeClaims(header, nowMs),
    '',
    ...inside,
    ...flaws.flatMap(({ problem, remedy }) => [line`${bad('✗')} ${problem}`, `  → ${remedy}`]),
    ...(content === undefined ? [] : ['']),
  ]
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
