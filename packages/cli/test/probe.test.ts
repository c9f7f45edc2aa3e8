import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runtimeFetch } from '@behalf/core/internal'
import { createSandbox, defaultApiToken, defaultOrg, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { createBench } from '../src/probe/bench.ts'
import type { Bench } from '../src/probe/experiment.ts'
import { audienceSteering } from '../src/probe/experiments/audience-steering.ts'
import { claimsTaken } from '../src/probe/experiments/claims-taken.ts'
import { introspection } from '../src/probe/experiments/introspection.ts'
import { startProbeHook } from '../src/probe/hook-server.ts'
import { folderWith } from './behalf-process.ts'
import { get, send, standInFront } from './provisioned-org.ts'
import { type RecordedTerminal, recordedTerminal } from './recorded-terminal.ts'

const [, apiA] = defaultOrg.apps

function terminalFor({ url }: Pick<Sandbox, 'url'>): RecordedTerminal {
  return recordedTerminal({ env: { OKTA_ORG_URL: url, OKTA_API_TOKEN: defaultApiToken } })
}

async function probe(
  org: Pick<Sandbox, 'url'>,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const terminal = terminalFor(org)
  const code = await main(['probe', ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

/** All that a probe may make. */
async function stateOf(sandbox: Sandbox): Promise<unknown> {
  return {
    servers: await get(sandbox, '/api/v1/authorizationServers'),
    hooks: await get(sandbox, '/api/v1/inlineHooks'),
    apps: await get(sandbox, '/api/v1/apps'),
  }
}

/** A bench on a sandbox whose server treats `resource` and `audience` as told. */
async function benchWith(
  resourceParameters: 'ignored' | 'refused' | 'granted',
): Promise<{ bench: Bench } & AsyncDisposable> {
  const hook = await startProbeHook(0)
  const sandbox = await createSandbox({
    authorizationServers: [
      { id: 'default', audience: 'https://undelegated.invalid', scopes: ['probe'], resourceParameters },
    ],
    hook: { uri: `${hook.origin}${hook.path}`, secret: hook.secret },
  })
  const bench = createBench({
    issuer: `${sandbox.url}/oauth2/default`,
    audience: 'https://undelegated.invalid',
    clientId: apiA.clientId,
    clientSecret: 'api-a-secret-for-the-sandbox-only',
    hook,
    fetch: runtimeFetch,
    signal: new AbortController().signal,
  })
  return {
    bench,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([sandbox.close(), hook.stop()])
    },
  }
}

describe('behalf probe', () => {
  it('finds out, writes the facts without secrets, and removes all that it has made', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const out = join(folder.path, 'okta-facts.json')
    const before = await stateOf(sandbox)
    const { code, stdout, stderr } = await probe(sandbox, ['--out', out, '--yes'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/\+ server +behalf probe [0-9a-f]{8}\n +audience https:\/\/undelegated\.invalid/)
    expect(stdout).toMatch(/up to \d\d machine tokens are asked for/)
    expect(await stateOf(sandbox)).toEqual(before)
    const written = await readFile(out, 'utf8')
    const facts = JSON.parse(written)
    expect(facts).toMatchObject({ version: 1, probedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    const { 'claims-taken': claims, 'longest-url': longest, ...others } = facts.experiments
    expect(claims.facts).toMatchObject({
      aud: 'taken',
      sub: 'taken',
      act: 'taken',
      'aud, sub and act together': 'taken',
    })
    // The edge of the sandbox takes request lines of 8 KB.
    expect(longest.facts).toMatchObject({ hookSawAllOfIt: true, refusal: { status: 414 } })
    expect(longest.facts.acceptedQueryBytes).toBeGreaterThan(7900)
    expect(longest.facts.refusedQueryBytes).toBeLessThanOrEqual(8192)
    expect(Object.keys(others)).toEqual(['audience-steering', 'introspection'])
    for (const text of [written, stdout])
      for (const secret of ['eyJ', '0oa', 'aus', defaultApiToken, sandbox.url.slice(7), 'alice'])
        expect(text.replace(`${sandbox.url}:`, '').replaceAll(/calls http.*/g, '')).not.toContain(secret)
    expect((await probe(sandbox, ['--out', out])).stderr).toMatch(/exists already/)
  })

  it('makes chosen experiments only, and nothing without a yes', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const out = join(folder.path, 'facts.json')
    const before = await stateOf(sandbox)
    expect((await probe(sandbox, ['--out', out])).code).toBe(3)
    expect(await stateOf(sandbox)).toEqual(before)
    const { stdout } = await probe(sandbox, [
      '--out',
      out,
      '--experiment',
      'audience-steering',
      '--yes',
      '--json',
    ])
    expect(Object.keys(JSON.parse(stdout).experiments)).toEqual(['audience-steering'])
  })

  it('removes all when it is stopped, and says what is not known', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    const terminal = terminalFor(sandbox)
    const args = ['probe', '--out', join(folder.path, 'facts.json'), '--yes', '--json']
    const done = main(args, terminal)
    while (!terminal.progress.some((text) => text.includes('claims-taken')))
      await new Promise((resolve) => setImmediate(resolve))
    terminal.stop()
    expect(await done).toBe(1)
    expect(JSON.parse(terminal.stdout.join('')).experiments['introspection']).toMatchObject({
      failed: 'the probe was stopped',
    })
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('waits for the new server, and removes all when it never issues a token', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    let refusals = 2
    const isToken = (call: string): boolean => call.endsWith('/v1/token')
    await using front = await standInFront(sandbox, { breaks: (call) => isToken(call) && refusals-- > 0 })
    const run = async (): Promise<number> => {
      const args = [
        '--out',
        join(folder.path, `${refusals}.json`),
        '--experiment',
        'audience-steering',
        '--yes',
      ]
      const terminal = terminalFor(front)
      let code: number | undefined
      void main(['probe', ...args], terminal).then((ended) => {
        code = ended
      })
      while (code === undefined) {
        terminal.clock.advance(3_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return code
    }
    expect(await run()).toBe(0)
    refusals = Number.POSITIVE_INFINITY
    expect(await run()).toBe(1)
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('removes with --clean what a run that broke off anywhere has left', async () => {
    await using sandbox = await createSandbox(oneServer)
    const before = await stateOf(sandbox)
    const isChange = (call: string): boolean => /^(POST|PUT|DELETE) \/api\//.test(call)
    for (let lasts = 0, changes = 1; changes > lasts; lasts++) {
      changes = 0
      await using folder = await folderWith({})
      await using front = await standInFront(sandbox, {
        breaks: (call) => isChange(call) && ++changes > lasts,
      })
      const args = ['--out', join(folder.path, 'f.json'), '--experiment', 'audience-steering', '--yes']
      const { stderr } = await probe(front, args)
      // Broken off after the first change, something is left.
      if (changes > lasts && lasts > 0) expect(stderr).toMatch(/behalf probe --clean/)
      expect((await probe(sandbox, ['--clean', '--yes'])).code).toBe(0)
      expect(await stateOf(sandbox)).toEqual(before)
    }
    expect((await probe(sandbox, ['--clean'])).stdout).toBe('Nothing is left of any probe.')
  })

  it('keeps what is called like its own and does not bear its mark, or bears it under another name', async () => {
    await using sandbox = await createSandbox(oneServer)
    const server = { name: 'behalf probe 0123abcd', audiences: ['https://a.example'] }
    await send(sandbox, 'POST', '/api/v1/authorizationServers', { ...server, description: 'mine' })
    const mark = 'Made by behalf probe, run 0123abcd'
    await send(sandbox, 'POST', '/api/v1/authorizationServers', {
      ...server,
      name: 'production',
      description: mark,
    })
    const before = await stateOf(sandbox)
    expect((await probe(sandbox, ['--clean', '--yes'])).stdout).toBe('Nothing is left of any probe.')
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('makes nothing when the public URL does not end at its hook', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    const args = ['--out', join(folder.path, 'f.json'), '--yes']
    const elsewhere = await probe(sandbox, [...args, '--public-url', sandbox.url])
    expect([elsewhere.code, elsewhere.stderr]).toEqual([
      1,
      expect.stringMatching(/does not end at the hook of this probe/),
    ])
    const nowhere = await probe({ url: 'https://org.invalid' }, args)
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringMatching(/--public-url is missing/)])
    expect(await stateOf(sandbox)).toEqual(before)
  })
})

describe('what the experiments say', () => {
  it.each([
    ['ignored', { status: 200, aud: 'own' }],
    ['refused', { status: 400, aud: 'no token: unsupported_resource' }],
    ['granted', { status: 200, aud: 'asked' }],
  ] as const)('of an org in which resource is %s', async (resourceParameters, expected) => {
    await using made = await benchWith(resourceParameters)
    const facts = await audienceSteering.run(made.bench)
    expect(Object.keys(facts)).toHaveLength(4)
    for (const fact of Object.values(facts)) expect(fact).toMatchObject(expected)
  })

  it('of tokens whose aud and sub were replaced, at introspection and revocation', async () => {
    await using made = await benchWith('ignored')
    expect(await introspection.run(made.bench)).toMatchObject({
      'plain token': {
        isReplaced: false,
        introspected: { status: 200, active: true, aud: 'own', sub: 'own' },
      },
      'replaced token': { isReplaced: true, introspected: { status: 200 }, revoked: 200 },
    })
  })

  it('of values that are dropped', async () => {
    await using made = await benchWith('ignored')
    const facts = await claimsTaken.run(made.bench)
    expect(facts).toMatchObject({
      list: 'taken',
      'object with a boolean and a fraction': 'taken',
      'name that is a URL': 'taken',
    })
  })
})
