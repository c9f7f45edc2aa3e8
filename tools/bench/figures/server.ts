import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Figure, figure } from '../figure.ts'
import { hookBody } from '../hook-call.ts'
import { ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const rounds = 5

/** `behalf serve` and a bare server, each a process of its own, under load from a third one in turns. */
export async function server(issuer: BenchIssuer): Promise<readonly Figure[]> {
  mkdirSync(path('../../../dist/bench'), { recursive: true })
  const bodies = path('../../../dist/bench/bodies.txt')
  writeFileSync(
    bodies,
    Array.from({ length: 256 }, (_, index) => hookBody(issuer.sign(assertionClaims(index)))).join('\n'),
  )
  const bare = spawn(process.execPath, [path('../bare-server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const hook = spawn(
    process.execPath,
    [path('../../../packages/cli/bin/behalf.js'), 'serve', '--port', '0'],
    {
      env: {
        ISSUER: issuer.issuer,
        AUDIENCE: 'api://a',
        CLIENT_IDS: '0oaApiA',
        HOOK_SECRET: 'hook-secret-0123456789',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  try {
    const bareOrigin = await originOf(bare)
    const hookOrigin = await originOf(hook)
    const bareRates: number[] = []
    const hookRates: number[] = []
    for (let round = -1; round < rounds; round++) {
      const bareLoad = await load(bareOrigin, bodies)
      const hookLoad = await load(hookOrigin, bodies)
      if (round < 0) continue
      bareRates.push(bareLoad.rate)
      hookRates.push(hookLoad.rate)
    }
    const half = Math.max(...hookRates) / 2
    const p99s: number[] = []
    for (let round = 0; round < 3; round++) p99s.push((await load(hookOrigin, bodies, half)).p99)
    return [
      figure('server.requestsPerSecond', 'requests/s', hookRates),
      figure('server.vsBareHttp', 'times', ratios(hookRates, bareRates)),
      figure('server.p99Millis', 'ms', p99s),
    ]
  } finally {
    bare.kill('SIGKILL')
    hook.kill('SIGKILL')
  }
}

function originOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (stdout === null) throw new Error('the server has no output')
    createInterface({ input: stdout }).on('line', (line) => {
      const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
      if (origin !== undefined) resolve(origin)
    })
  })
}

async function load(origin: string, bodies: string, rate?: number): Promise<{ rate: number; p99: number }> {
  const args = [path('../load.mjs'), origin, bodies, '2', ...(rate === undefined ? [] : [String(rate)])]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout)
}
