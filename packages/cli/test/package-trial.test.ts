import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { selfSignedCertificate } from '../../hook/test/policy/authzen/certificate.ts'
import { bin, config, pack, packWith, prepareToPack, projectWith, run } from './packing.ts'

prepareToPack()

describe('what is packed is loaded first', () => {
  it('with dependencies that are CommonJS', async () => {
    const head = `import pino from 'pino'\nimport token from 'signed'\npino({ enabled: false }).info(token('x'))`
    const { code, out } = await pack({
      'behalf.config.ts': config('', head),
      'node_modules/signed/package.json': '{"main":"index.js"}',
      'node_modules/signed/index.js': `const { createHash } = require('crypto'); const { join } = require('path')
        module.exports = (text) => createHash('sha256').update(text + join(__dirname, 'x') + __filename).digest('hex')`,
    })
    expect([code, out]).toEqual([0, expect.stringContaining('pino')])
  })

  it('with what the runtime lets it do, whatever it prints meanwhile', async () => {
    const head = `import { execFileSync } from 'node:child_process'
      import { Worker } from 'node:worker_threads'
      console.log({ version: execFileSync(process.execPath, ['-p', '1']).toString() })
      console.log('{not JSON', null)
      new Worker('', { eval: true }).unref()`
    expect(await pack({ 'behalf.config.ts': config('', head) })).toMatchObject({ code: 0 })
  })

  it('with policies beside a configuration in a folder below', async () => {
    const policies = `policy: cedar({ policies: new URL('./policies', import.meta.url) }),`
    const { code, files } = await pack(
      {
        'config/behalf.config.ts': config(policies, `import { cedar } from '@behalf/hook/cedar'`),
        'config/policies/a.cedar': '@id("a") permit(principal, action, resource);',
        'config/policies/team/b.cedar': '@id("b") permit(principal, action, resource);',
      },
      '--config',
      'config/behalf.config.ts',
    )
    expect([code, files]).toEqual([
      0,
      ['config/policies/a.cedar', 'config/policies/team/b.cedar', 'index.mjs'],
    ])
  })

  it('with files that it names, beside it and in the current folder', async () => {
    const head = `import { readFileSync } from 'node:fs'
      import { join } from 'node:path'
      readFileSync('a.txt', 'utf8')
      readFileSync(new URL('./data/b.txt', import.meta.url), 'utf8')
      readFileSync(join(import.meta.dirname, 'data', 'b.txt'))
      if (!import.meta.filename.endsWith('config/behalf.config.ts')) throw new TypeError()`
    const { code, out, files } = await pack(
      { 'config/behalf.config.ts': config('', head), 'config/data/b.txt': 'b', 'a.txt': 'a' },
      '--config',
      'config/behalf.config.ts',
    )
    expect([code, files]).toEqual([0, ['a.txt', 'config/data/b.txt', 'index.mjs']])
    expect(out).toContain('file: config/data/b.txt')
  })

  it('with the certificates of mutual TLS, as docs/authzen.md has it', async () => {
    const { certificate, privateKey } = selfSignedCertificate('client')
    const example = await readFile(new URL('../../../docs/authzen.md', import.meta.url), 'utf8')
    const policy = /## Mutual TLS\n\n```ts\n(.*?)```/s.exec(example)?.[1] ?? ''
    const files = {
      'behalf.config.ts': config('policy,', `import { policy } from './behalf.policy.ts'`),
      'behalf.policy.ts': policy,
      'client.crt': certificate,
      'pdp-ca.crt': certificate,
    }
    expect(await packWith({ PDP_CLIENT_KEY: privateKey }, files)).toMatchObject({
      code: 0,
      files: ['client.crt', 'index.mjs', 'pdp-ca.crt'],
    })
  })

  it('and is refused without a file that it reads, until that is included', async () => {
    const files = {
      'behalf.config.ts': config(
        '',
        `import { readFileSync } from 'node:fs'\nreadFileSync(['certs', 'a.txt'].join('/'))`,
      ),
      'certs/a.txt': 'a',
      'certs/.env': 'TOKEN=x',
    }
    const refused = await pack(files)
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/would deny everything .*\n.*'certs\/a\.txt'\n.*--include PATH/)
    expect(await pack(files, '--include', 'certs')).toMatchObject({
      code: 0,
      files: ['certs/a.txt', 'index.mjs'],
    })
  })

  it('and may read nothing that lies elsewhere on this machine', async () => {
    const folder = await projectWith({ 'policies/a.cedar': 'permit(principal, action, resource);' })
    const policies = `policy: cedar({ policies: ${JSON.stringify(join(folder, 'policies'))} }),`
    const source = config(policies, `import { cedar } from '@behalf/hook/cedar'`)
    await writeFile(join(folder, 'behalf.config.ts'), source)
    const refused = await run(process.execPath, [bin, 'package'], {
      cwd: folder,
      env: { ISSUER: 'https://a.example/oauth2/default' },
    }).catch(({ stderr }) => stderr)
    expect(refused).toMatch(/policies: cannot be read/)
  })

  it.each([
    ['throws a kind of its own', `throw new RangeError('hunter2')`, 'RangeError; its message is not shown'],
    [
      'asks for what a function has not',
      `process.getBuiltinModule('fs').readdirSync('..')`,
      /would deny everything/,
    ],
  ])('and is refused where it alone %s', async (_, statement, reason) => {
    const head = `if (!import.meta.url.includes('.package-')) { ${statement} }`
    const { code, out } = await pack({ 'behalf.config.ts': config('', head) })
    expect([code, out]).toEqual([1, expect.stringMatching(reason)])
    expect(out).not.toContain('hunter2')
  })

  it('and says which variables it reads, and which of them deploy/aws does not set', async () => {
    const head = `import { env } from 'node:process'
      const { REGION, PDP_TOKEN: token = '' } = process.env
      const name = 'DYNAMIC'
      void [env['TENANT'], process.env[name], REGION, token]`
    const { out } = await pack({ 'behalf.config.ts': config('', head) })
    expect(out).toContain('of the environment, set by deploy/aws: HOOK_SECRET, ISSUER\n')
    expect(out).toContain('of the environment, not set by deploy/aws: DYNAMIC, PDP_TOKEN, REGION, TENANT\n')
  })

  it('and says so of those that are read for it, of others nothing', async () => {
    const variables = { HOOK_SECRET: 'hook-secret-0123456789' }
    const { out } = await packWith(variables, {
      'behalf.config.ts': `import { configFromEnvironment } from '@behalf/hook'
        export default { ...configFromEnvironment({ ...process.env, AUDIENCE: 'api://a' }), limits: { deadlineMs: Number(process.env?.DEADLINE ?? 2000) } }`,
    })
    expect(out).toMatch(/, set by deploy\/aws: AUDIENCE, CLIENT_IDS, HOOK_SECRET, ISSUER, /)
    expect(out).toMatch(/not set by deploy\/aws: .*DEADLINE.*HOOK_SECRET_PREVIOUS/)
    expect(out).not.toMatch(/deploy\/aws: .*\b(PATH|HOME|CLIENT_ID)\b/)
  })

  it('and begins its log with the version and the digest that were told', async () => {
    const { folder, out } = await pack({ 'behalf.config.ts': config('') })
    const code = unzipSync(await readFile(join(folder, 'out.zip')))['index.mjs']
    await writeFile(join(folder, 'index.mjs'), code ?? '')
    const { stdout } = await run(process.execPath, ['index.mjs'], { cwd: folder, env: {} })
    const [, digest] = /contents: sha256 ([\da-f]{64})/.exec(out) ?? []
    expect(
      stdout
        .split('\n')
        .slice(0, 2)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { started: { version: '0.1.0', digest } },
      { configurationRefused: { faults: expect.any(Array) } },
    ])
  })

  it('and fails in Lambda with the code and the message of a fault', async () => {
    const { folder } = await pack(
      {
        'behalf.config.ts': config('', `process.getBuiltinModule('fs').readFileSync('data.txt')`),
        'data.txt': '',
      },
      '--include',
      'data.txt',
    )
    const code = unzipSync(await readFile(join(folder, 'out.zip')))['index.mjs']
    await writeFile(join(folder, 'index.mjs'), code ?? '')
    await rm(join(folder, 'data.txt'))
    const { stdout } = await run(process.execPath, ['index.mjs'], { cwd: folder, env: {} })
    expect(JSON.parse(stdout.split('\n')[1] ?? '')).toMatchObject({
      configurationRefused: {
        code: 'ENOENT',
        message: "ENOENT: no such file or directory, open 'data.txt'",
      },
    })
  })
})
