import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { userKey } from '@behalf/core/internal'
import { createSandbox, defaultApiToken } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import './okta-sdk-loaded.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const uid = '00u1a2b3c4d5e6f7g8h9'

/** A configuration, and a store that other processes would share: a file. */
async function project(parts: { readonly store?: string; readonly issuers?: string } = {}) {
  const folder = await folderWith({ 'cut-offs.json': '{}' })
  onTestFinished(() => folder[Symbol.asyncDispose]())
  const kept = join(folder.path, 'cut-offs.json')
  const shared = `(() => {
    const read = () => JSON.parse(readFileSync(${JSON.stringify(kept)}, 'utf8'))
    return {
      find: async (user) => read()[user],
      raise: async (user, cutOff) =>
        writeFileSync(${JSON.stringify(kept)}, JSON.stringify({ ...read(), [user]: Math.max(cutOff, read()[user] ?? 0) })),
    }
  })()`
  const {
    store = shared,
    issuers = "{ issuer: 'https://o.example/oauth2/users', audiences: ['api://a'], org: 'example' }",
  } = parts
  const file = join(folder.path, 'behalf.config.mjs')
  const source = `import { readFileSync, writeFileSync } from 'node:fs'
export default {
  authenticate: { secrets: ['hook-secret-0123456789'] },
  issuers: [${issuers}],
  clients: 'any',
  ${store === '' ? '' : `revocation: { store: ${store}, whenUnavailable: 'deny' },`}
}
`
  writeFileSync(file, source)
  return {
    file,
    cutOffs: (): Record<string, number> => (existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {}),
  }
}

async function revoke(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const terminal = recordedTerminal({ env })
  const code = await main(['revoke', '--config', file, ...args], terminal)
  return {
    code,
    stdout: terminal.stdout.join('\n'),
    stderr: terminal.stderr.join('\n'),
    clock: terminal.clock,
  }
}

const keyOf = (id: string, claim = 'uid', org = 'example'): string =>
  userKey(org, [claim], { [claim]: id }) ?? ''

describe('behalf revoke', () => {
  it('moves the cut-off in the shared store, to now or to a moment, and never back', async () => {
    const { file, cutOffs } = await project()
    const first = await revoke(file, ['--user', uid])
    expect([first.code, first.stderr]).toEqual([0, ''])
    const now = first.clock.now() / 1_000
    expect(cutOffs()).toEqual({ [keyOf(uid)]: now })
    expect(first.stdout).toContain(`${uid} of example: tokens that were issued until 2`)
    const earlier = await revoke(file, ['--user', uid, '--since', '2026-01-01T00:00:00Z'])
    expect([earlier.code, earlier.stdout]).toEqual([0, expect.stringContaining('was cut off later already')])
    expect(cutOffs()).toEqual({ [keyOf(uid)]: now })
    const other = await revoke(file, ['--user', '00u00000000000000001', '--since', '2026-01-01T00:00:00Z'])
    expect(other.stdout).toContain('until 2026-01-01T00:00:00.000Z')
    expect(cutOffs()[keyOf('00u00000000000000001')]).toBe(Date.UTC(2026, 0) / 1_000)
  })

  it('asks the org about a login', async () => {
    await using sandbox = await createSandbox({ ...oneServer, users: [{ login: 'ann@example.com' }] })
    const { file, cutOffs } = await project()
    const env = { OKTA_ORG_URL: sandbox.url, OKTA_API_TOKEN: defaultApiToken }
    const found = await revoke(file, ['--user', 'ann@example.com'], env)
    expect([found.code, found.stderr]).toEqual([0, ''])
    const [user] = sandbox.exportState().users
    expect(found.stdout).toContain(`ann@example.com (${user?.id}) of example`)
    expect(Object.keys(cutOffs())).toEqual([keyOf(user?.id ?? '')])
    const unknown = await revoke(file, ['--user', 'nobody@example.com'], env)
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining("no user 'nobody@example.com'"),
    ])
  })

  it.each([
    ['no revocation', '', 'has no revocation'],
    [
      'a store in memory',
      '{ isLocal: true, find: () => undefined, raise: () => undefined }',
      'is in memory, and each process has its own: nothing was done',
    ],
    [
      'a store that fails',
      "{ find: () => undefined, raise: () => Promise.reject(Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })) }",
      'could not be reached (ECONNREFUSED',
    ],
    ['a store that forgets', '{ find: () => undefined, raise: () => undefined }', 'the user was not cut off'],
  ])('fails and says so with %s', async (_name, store, fault) => {
    const { code, stdout, stderr } = await revoke((await project({ store })).file, ['--user', uid])
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(fault)])
    expect(stderr).not.toContain('secret')
  })

  it('needs to know whose user it is where there are several orgs, and how they are known', async () => {
    const issuers = `
      { issuer: 'https://o.example/oauth2/users', audiences: ['api://a'], org: 'example' },
      { issuer: 'https://kc.example', audiences: ['api://a'], org: 'partner', dialect: 'keycloak', subject: { prefix: 'p|' } },
      { issuer: 'https://entra.example', audiences: ['api://a'], org: 'third', dialect: 'entra', subject: { prefix: 't|' } },`
    const { file, cutOffs } = await project({ issuers })
    expect(await revoke(file, ['--user', uid])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('say --org example, partner or third'),
    })
    expect((await revoke(file, ['--user', 'id-7', '--org', 'partner'])).code).toBe(0)
    expect(Object.keys(cutOffs())).toEqual([keyOf('id-7', 'sub', 'partner')])
    expect(await revoke(file, ['--user', 'id-7', '--org', 'third'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('known by several claims together'),
    })
    expect((await revoke(file, ['--user', 'id-7', '--org', 'fourth'])).stderr).toContain("the org 'fourth'")
  })

  it('refuses a cut-off that lies ahead, a login without an org to ask, and no configuration', async () => {
    const { file, cutOffs } = await project()
    expect(await revoke(file, ['--user', uid, '--since', '2999-01-01T00:00:00Z'])).toMatchObject({ code: 2 })
    expect((await revoke(file, ['--user', 'ann@example.com'])).stderr).toContain('OKTA_ORG_URL is not set')
    expect(await revoke('missing.config.ts', ['--user', uid])).toMatchObject({ code: 2 })
    expect((await revoke(file, [])).stderr).toContain('--user')
    expect(cutOffs()).toEqual({})
  })
})
