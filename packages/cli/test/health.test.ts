import { join } from 'node:path'
import { createSandbox } from '@behalf/sandbox'
import { listen } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../../tools/free-port.ts'
import { findOwnServer } from '../src/health/own-server.ts'
import { whyNotWell } from '../src/health/why-not-well.ts'
import { main } from '../src/index.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

describe('behalf health', () => {
  it('ends with 0 where something is well, and says why where it is not', async () => {
    await using sandbox = await createSandbox()
    await using ill = await listen((_, response) => response.writeHead(503).end())
    const ask = async (...args: string[]) => {
      const terminal = recordedTerminal()
      return [await main(['health', ...args], terminal), terminal.stderr.join()]
    }
    expect(await ask(sandbox.url)).toEqual([0, ''])
    expect(await ask(ill.origin)).toEqual([1, expect.stringMatching(/status 503/)])
    expect(await ask('http://127.0.0.1:9')).toEqual([1, expect.stringMatching(/ECONNREFUSED/)])
    expect(await ask('8090')).toEqual([2, expect.stringMatching(/URL must be an http or https URL/)])
  })

  it('tells what runs from what is ready', async () => {
    await using starting = await listen((request, response) =>
      response.writeHead(request.url === '/healthz' ? 200 : 503).end(),
    )
    const terminal = recordedTerminal()
    expect(await main(['health', starting.origin], terminal)).toBe(0)
    expect(await main(['health', starting.origin, '--ready'], terminal)).toBe(1)
    expect(terminal.stderr.join()).toMatch(/status 503/)
  })

  it('goes on asking until it is well', async () => {
    const port = await freePort()
    await using asking = new BehalfProcess(['health', `http://127.0.0.1:${port}`, '--wait', '60'])
    await using sandbox = new BehalfProcess(['sandbox', '--port', `${port}`])
    expect(await asking.exitCode()).toBe(0)
    await sandbox.line(/listens on/)
  }, 60_000)

  it.each([
    ['serve --host 0.0.0.0 --port 8080', 'http://127.0.0.1:8080'],
    ['serve', 'http://127.0.0.1:8080'],
    ['serve --port=9000 --host ::', 'http://[::1]:9000'],
    ['sidecar --host 10.0.0.7', 'http://10.0.0.7:8081'],
    ['sandbox --host 0.0.0.0 --base-url http://sandbox:1', 'http://127.0.0.1:8090'],
    ['exchange --issuer https://a.example --scope a', undefined],
  ])('knows where %s listens', async (command, url) => {
    const line = ['/sbin/docker-init', '--', 'node', 'packages/cli/bin/behalf.js', ...command.split(' ')]
    expect((await findOwnServer(line, {}))?.url).toBe(url)
    const installed = ['node', '/usr/bin/behalf', ...command.split(' ')]
    expect((await findOwnServer(installed, {}))?.url).toBe(url)
  })

  it('knows where a seed puts a sandbox, which options overrule', async () => {
    await using folder = await folderWith({ 'org.yaml': 'port: 9000\nhost: 0.0.0.0\ntls: {}\n' })
    const line = ['behalf', 'sandbox', '--seed', join(folder.path, 'org.yaml'), '--ca', folder.path]
    const caFile = join(folder.path, 'ca.pem')
    expect(await findOwnServer(line, {})).toEqual({ url: 'https://127.0.0.1:9000', caFile })
    const moved = [...line, '--port', '9001', '--host', '10.0.0.7']
    expect(await findOwnServer(moved, {})).toEqual({ url: 'https://10.0.0.7:9001', caFile })
    const lost = findOwnServer(['behalf', 'sandbox', '--seed', join(folder.path, 'gone.yaml')], {})
    await expect(lost).rejects.toThrow(/gone\.yaml/)
  })

  it('trusts the authority that a sandbox keeps', async () => {
    await using folder = await folderWith({})
    const args = ['sandbox', '--tls', '--ca', folder.path, '--port', `${await freePort()}`]
    await using sandbox = new BehalfProcess(args)
    await sandbox.line(/listens on/)
    const found = await findOwnServer(['node', 'behalf.js', ...args], {})
    expect(found?.caFile).toBe(join(folder.path, 'ca.pem'))
    expect(await whyNotWell(found ?? { url: '', caFile: undefined }, '/healthz')).toBeUndefined()
    expect(await whyNotWell({ url: found?.url ?? '', caFile: undefined }, '/healthz')).toMatch(
      /UNABLE_TO_VERIFY|CERT|ISSUER/,
    )
  }, 60_000)
})
