import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@behalf/core'
import { askPolicy } from '@behalf/hook'
import { authzen } from '@behalf/hook/authzen'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../../tools/free-port.ts'
import { delegation } from '../policy/delegation.ts'
import { questions } from '../policy/twenty-questions/questions.ts'

const platform = `cerbos-${process.platform}-${process.arch}`
const binary = fileURLToPath(new URL(`node_modules/@cerbos/${platform}/${platform}`, import.meta.url))

/** Installed by `npm run interop`, not by `npm ci`. */
describe.skipIf(!existsSync(binary))('Cerbos, a decision point that was written elsewhere', () => {
  let server: ChildProcess
  let pdp: string

  beforeAll(async () => {
    const ports = [await freePort(), await freePort()]
    const settings = {
      'server.httpListenAddr': `127.0.0.1:${ports[0]}`,
      'server.grpcListenAddr': `127.0.0.1:${ports[1]}`,
      'storage.driver': 'disk',
      'storage.disk.directory': fileURLToPath(new URL('policies', import.meta.url)),
      'telemetry.disabled': 'true',
    }
    pdp = `http://127.0.0.1:${ports[0]}`
    const options = Object.entries(settings).map(([name, value]) => `--set=${name}=${value}`)
    server = spawn(binary, ['server', ...options], { env: { CERBOS_NO_TELEMETRY: '1' } })
    await listening(server)
  }, 30_000)

  afterAll(async () => {
    server.kill()
    await once(server, 'close')
  })

  it.each(questions)('%s', async (_, options, expected) => {
    const asked = { timeoutMs: 5_000, clock: systemClock, signal: new AbortController().signal }
    const policy = authzen({ pdp, timeoutMs: 2_500 })
    expect(policy.faults).toEqual([])
    const answer = await askPolicy(policy, delegation(options), asked)
    expect(answer.decision).toBe(expected.decision)
  })
})

async function listening({ stdout, stderr }: ChildProcess): Promise<void> {
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    for (const stream of [stdout, stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        if (/Starting HTTP server/.test(line)) resolve()
      })
      stream.on('close', () => reject(new Error(`it ended:\n${lines.join('\n')}`)))
    }
  })
}
