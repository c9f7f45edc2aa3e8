import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type Figure, figure } from '../figure.ts'
import { hookBody } from '../hook-call.ts'
import { ratios } from '../interleave.ts'
import { load, originOf, path } from '../served.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'

const rounds = 5

/** More than are remembered at once, so that each is as good as new when its turn comes again. */
const distinctTokens = 12_000
const users = 256

/** `behalf serve` and a bare server, each a process of its own, under load from a third one in turns. */
export async function server(issuer: BenchIssuer): Promise<readonly Figure[]> {
  mkdirSync(path('../../dist/bench'), { recursive: true })
  const bodies = Array.from({ length: distinctTokens }, (_, index) =>
    hookBody(issuer.sign(assertionClaims(index))),
  )
  const distinct = path('../../dist/bench/distinct.txt')
  writeFileSync(distinct, bodies.join('\n'))
  const repeated = path('../../dist/bench/repeated.txt')
  writeFileSync(repeated, bodies.slice(0, users).join('\n'))
  const hook = spawn(process.execPath, [path('../../packages/cli/bin/behalf.js'), 'serve', '--port', '0'], {
    env: {
      ISSUER: issuer.issuer,
      AUDIENCE: 'api://a',
      CLIENT_IDS: '0oaApiA',
      HOOK_SECRET: 'hook-secret-0123456789',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const processes = [hook]
  try {
    const hookOrigin = await originOf(hook)
    const answerBytes = await lengthOfAnswer(hookOrigin, bodies[0] ?? '')
    const bare = spawn(process.execPath, [path('bare-server.mjs'), String(answerBytes)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    processes.push(bare)
    const bareOrigin = await originOf(bare)
    const rates: Record<'bare' | 'first' | 'repeat', number[]> = { bare: [], first: [], repeat: [] }
    for (let round = -1; round < rounds; round++) {
      const measured = {
        bare: await load(bareOrigin, repeated),
        first: await load(hookOrigin, distinct),
        repeat: await load(hookOrigin, repeated),
      }
      if (round < 0) continue
      rates.bare.push(measured.bare.rate)
      rates.first.push(measured.first.rate)
      rates.repeat.push(measured.repeat.rate)
    }
    const half = Math.max(...rates.first) / 2
    const p99s: number[] = []
    for (let round = 0; round < 3; round++) p99s.push((await load(hookOrigin, distinct, { rate: half })).p99)
    return [
      figure('server.first.requestsPerSecond', 'requests/s', rates.first),
      figure('server.repeat.requestsPerSecond', 'requests/s', rates.repeat),
      figure('server.first.vsBareHttp', 'times', ratios(rates.first, rates.bare)),
      figure('server.repeat.vsBareHttp', 'times', ratios(rates.repeat, rates.bare)),
      figure('server.p99Millis', 'ms', p99s),
    ]
  } finally {
    for (const child of processes) child.kill('SIGKILL')
  }
}

async function lengthOfAnswer(origin: string, body: string): Promise<number> {
  const response = await fetch(`${origin}/inline-hook`, {
    method: 'POST',
    headers: { authorization: 'hook-secret-0123456789', 'content-type': 'application/json' },
    body,
  })
  return (await response.text()).length
}
