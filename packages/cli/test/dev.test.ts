import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listen } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { sendRaw } from './raw-request.ts'

const config = (policy: string) => `export default {
  authenticate: { secrets: [process.env.HOOK_SECRET] },
  issuers: [{ issuer: process.env.ISSUER, audiences: [process.env.AUDIENCE] }],
  clients: { [process.env.CLIENT_IDS]: { scopes: ['orders:read'] } },
  resources: { [process.env.RESOURCE]: { verifier: 'behalf' } },
  policy: ${policy},
}`

async function startDev(cwd: string): Promise<{ dev: BehalfProcess; apiA: string }> {
  const dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', '0'], { cwd })
  await dev.line(/ready; each exchange is logged below/)
  const [, apiA = ''] = /(http:\S+)\/orders/.exec(await dev.line(/^API A/)) ?? []
  return { dev, apiA }
}

async function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(url, { headers })
  return { status: answer.status, body: await answer.json() }
}

// Each starts several processes; on a busy machine that takes its time.
describe('behalf dev', { timeout: 60_000 }, () => {
  it('carries a user through API A, org, hook and API B, and logs it', async () => {
    await using folder = await folderWith({})
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    expect(await get(`${apiA}/try?user=bob@example.com`)).toEqual({
      status: 200,
      body: {
        orders: [{ id: 1, item: 'a lamp' }],
        of: 'bob@example.com',
        actors: ['0oaApiA0000000000001'],
        scopes: ['orders:read'],
      },
    })
    expect(await running.line(/^\d\d:\d\d:\d\d {2}hook /)).toMatch(
      /hook {3}permit {2}0oaApiA0+1 for bob@example\.com: orders:read at https:\/\/orders\.example {2}[\d.]+ ms$/,
    )
    expect(await running.line(/^\d\d:\d\d:\d\d {2}API A/)).toMatch(/for bob@example\.com: API B answers 200/)
    expect(await get(`${apiA}/orders`, { authorization: 'Bearer a.b.c' })).toMatchObject({ status: 401 })
    running.child.kill('SIGTERM')
    expect(await running.exitCode()).toBe(0)
  })

  it('starts the hook anew when its configuration changes, and keeps the one before a faulty one', async () => {
    await using folder = await folderWith({ 'behalf.config.ts': config(`() => ({ decision: 'permit' })`) })
    const file = join(folder.path, 'behalf.config.ts')
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    expect((await get(`${apiA}/try`)).status).toBe(200)

    await writeFile(file, config(`() => ({ decision: 'forbid', reason: 'closed today' })`))
    await running.line(/started anew, because its sources have changed/)
    expect(await get(`${apiA}/try`)).toEqual({ status: 403, body: { error: 'policy_denied' } })
    expect(await running.line(/deny/)).toMatch(
      /for alice@example\.com: orders:read at https:\/\/orders\.example {2}policy_denied.*step 'policy'/,
    )

    await writeFile(file, 'export default { clients: 7 }')
    expect(await running.line(/not started anew/)).toMatch(
      /the one before goes on: the configuration is refused:/,
    )
    expect((await get(`${apiA}/try`)).status).toBe(403)
  })

  it('shows what becomes of a token whose hook knows no resources: API B, which knows its audience, refuses it', async () => {
    const without = config(`() => ({ decision: 'permit' })`).replace(/ {2}resources: .*\n/, '')
    await using folder = await folderWith({ 'behalf.config.ts': without })
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    expect(await get(`${apiA}/try`)).toEqual({ status: 401, body: { error: 'token_invalid' } })
    expect(await running.line(/^\d\d:\d\d:\d\d {2}API B/)).toMatch(
      /refuses: token_invalid \(audience mismatch\)/,
    )
  })

  it('leaves no hook behind, however it ends', async () => {
    await using folder = await folderWith({})
    const { dev } = await startDev(folder.path)
    await using running = dev
    const [, hook = ''] = /(http:\S+)/.exec(await running.line(/^hook {2}/)) ?? []
    expect((await fetch(hook)).status).toBe(405)
    running.child.kill('SIGKILL')
    await expect.poll(() => fetch(hook).catch(() => 'gone')).toBe('gone')
  })

  it('goes on whatever a page sends to any of its servers', async () => {
    await using folder = await folderWith({})
    const { dev, apiA } = await startDev(folder.path)
    await using running = dev
    const origins = running.stdout.flatMap((line) => {
      const [, origin] = /^(?:org|hook|API A|API B) +(http:\/\/[\d.:]+)/.exec(line) ?? []
      return origin === undefined ? [] : [origin]
    })
    expect(origins).toHaveLength(4)
    for (const origin of origins) {
      const { host } = new URL(origin)
      for (const target of [
        '//',
        '//[',
        'http://[',
        '*',
        '/%',
        `/try?user=%`,
        '/oauth2/users/v1/authorize?%',
      ]) {
        expect(await sendRaw(origin, `GET ${target} HTTP/1.1`, `Host: ${host}`)).toMatch(/^HTTP\/1\.1 \d{3} /)
        expect(await sendRaw(origin, `GET ${target} HTTP/1.1`, 'Host: evil.example')).toMatch(
          /^HTTP\/1\.1 [345]/,
        )
      }
    }
    expect((await get(`${apiA}/try`)).status).toBe(200)
    running.child.kill('SIGTERM')
    expect(await running.exitCode()).toBe(0)
  })

  it('blames the option that the port of the org came from', async () => {
    await using taken = await listen((_, response) => response.end())
    for (const [port, code, sentence] of [
      [new URL(taken.origin).port, 1, 'the port is in use; choose another with --sandbox-port'],
      ['x', 2, '--sandbox-port must be a number from 0 to 65535'],
    ] as const) {
      await using dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', port])
      expect([await dev.exitCode(), dev.stderr]).toEqual([code, [`behalf dev: ${sentence}`]])
    }
  })

  it('says what is wrong with the configuration at the start, and stops', async () => {
    await using folder = await folderWith({ 'behalf.config.ts': 'export default { clients: 7 }' })
    await using dev = new BehalfProcess(['dev', '--port', '0', '--sandbox-port', '0'], { cwd: folder.path })
    expect(await dev.exitCode()).toBe(2)
    expect(dev.stderr.join('\n')).toMatch(/^behalf dev: the configuration is refused:\n[\s\S]*clients/)
  })
})
