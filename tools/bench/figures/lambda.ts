import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Artefact, Artefacts } from '../artefacts.ts'
import { constant, type Figure, figure } from '../figure.ts'
import { hookBody, restEvent } from '../hook-call.ts'
import { ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'

const secret = 'k9Tq-the-secret-registered-at-Okta'
const child = fileURLToPath(new URL('../first-response.mjs', import.meta.url))
const rounds = 15

interface Start {
  readonly loadMs: number
  readonly firstResponseMs: number
  readonly rssBytes: number
}

/**
 * Fresh processes in turns, the issuer on loopback: from `import` to handler (for Behalf that includes
 * fetching the keys), from spawning the process to the first answer, and the memory then.
 */
export async function lambdaStart(artefacts: Artefacts, issuer: BenchIssuer): Promise<readonly Figure[]> {
  const event = JSON.stringify(restEvent(hookBody(issuer.sign(assertionClaims(1))), secret))
  const behalf: Start[] = []
  const baseline: Start[] = []
  for (let round = -1; round < rounds; round++) {
    const ours = await startOnce(artefacts.behalf, issuer, event)
    const theirs = await startOnce(artefacts.baseline, issuer, event)
    if (round < 0) continue
    behalf.push(ours)
    baseline.push(theirs)
  }
  const of = (starts: readonly Start[], what: keyof Start): readonly number[] =>
    starts.map((start) => start[what])
  const versus = (what: keyof Start): readonly number[] => ratios(of(behalf, what), of(baseline, what))
  const { zipBytes } = artefacts.behalf
  return [
    constant('lambda.zipBytes', 'bytes', zipBytes),
    constant('lambda.sealingZipBytes', 'bytes', artefacts.sealingZipBytes),
    constant('lambda.zipVsBaseline', 'times', zipBytes / artefacts.baseline.zipBytes),
    figure('lambda.load.millis', 'ms', of(behalf, 'loadMs')),
    figure('lambda.load.vsBaseline', 'times', versus('loadMs')),
    figure('lambda.firstResponse.millis', 'ms', of(behalf, 'firstResponseMs')),
    figure('lambda.firstResponse.vsBaseline', 'times', versus('firstResponseMs')),
    figure('lambda.rss.vsBaseline', 'times', versus('rssBytes')),
  ]
}

async function startOnce({ module }: Artefact, { issuer }: BenchIssuer, event: string): Promise<Start> {
  const startedAt = performance.now()
  const started = spawn(process.execPath, [child, module], {
    env: { ISSUER: issuer, AUDIENCE: 'api://a', HOOK_SECRET: secret, EVENT: event },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  await once(started, 'close')
  const elapsedMs = performance.now() - startedAt
  const line = output.split('\n').find((candidate) => candidate.startsWith('{"loadMs"'))
  if (line === undefined) throw new Error(`${module} gave no first response`)
  const { loadMs, rssBytes }: { loadMs: number; rssBytes: number } = JSON.parse(line)
  return { loadMs, rssBytes, firstResponseMs: elapsedMs }
}
