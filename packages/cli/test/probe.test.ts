import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSandbox, defaultApiToken, parseFacts, type Sandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { questions } from '../src/probe/questions.ts'
import { folderWith } from './behalf-process.ts'
import { get, send, standInFront } from './provisioned-org.ts'
import { type RecordedTerminal, recordedTerminal } from './recorded-terminal.ts'

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

/** What is asked when nobody signs in. */
const alone = questions.filter(({ area }) => area !== 'people')

/** All that a probe may make. */
async function stateOf(sandbox: Sandbox): Promise<unknown> {
  return {
    servers: await get(sandbox, '/api/v1/authorizationServers'),
    hooks: await get(sandbox, '/api/v1/inlineHooks'),
    keys: await get(sandbox, '/api/v1/hook-keys'),
    apps: await get(sandbox, '/api/v1/apps'),
  }
}

describe('behalf probe', () => {
  it('finds out, writes the facts without secrets, and removes all that it has made', {
    timeout: 60_000,
  }, async () => {
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
    expect(JSON.parse(written)).toMatchObject({
      version: 2,
      probedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      facts: Object.fromEntries(alone.map(({ id }) => [id, { verdict: 'yes' }])),
    })
    expect(stdout).toContain(`${alone.length} questions: ${alone.length} as assumed, 0 otherwise, 0 unclear.`)
    expect(parseFacts(written).unplayed).toEqual([])
    for (const text of [written, stdout])
      for (const secret of ['eyJ', '0oa', 'aus', defaultApiToken, sandbox.url.slice(7), 'alice'])
        expect(text.replace(`${sandbox.url}:`, '').replaceAll(/calls http.*/g, '')).not.toContain(secret)
    expect((await probe(sandbox, ['--out', out])).stderr).toMatch(/exists already/)
  })

  it('asks chosen questions only, and nothing without a yes', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const out = join(folder.path, 'facts.json')
    const before = await stateOf(sandbox)
    expect((await probe(sandbox, ['--out', out])).code).toBe(3)
    expect(await stateOf(sandbox)).toEqual(before)
    const { stdout } = await probe(sandbox, ['--out', out, '--only', 'tokens', '--yes', '--json'])
    expect(Object.keys(JSON.parse(stdout).facts)).toEqual(
      questions.filter(({ area }) => area === 'tokens').map(({ id }) => id),
    )
  })

  it('removes all when it is stopped, and says what is not known', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    const terminal = terminalFor(sandbox)
    const args = ['probe', '--out', join(folder.path, 'facts.json'), '--yes', '--json']
    const done = main(args, terminal)
    while (!terminal.progress.some((text) => text.includes('sub-replaced')))
      await new Promise((resolve) => setImmediate(resolve))
    terminal.stop()
    expect(await done).toBe(1)
    expect(JSON.parse(terminal.stdout.join('')).facts).toMatchObject({
      'aud-replaced': { verdict: 'yes' },
      'error-status': { verdict: 'unclear', why: 'the probe was stopped' },
    })
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('waits for the new server, and removes all when it never issues a token', {
    timeout: 60_000,
  }, async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    let refusals = 2
    const isToken = (call: string): boolean => call.endsWith('/v1/token')
    await using front = await standInFront(sandbox, { breaks: (call) => isToken(call) && refusals-- > 0 })
    const run = async (): Promise<number> => {
      const args = ['--out', join(folder.path, `${refusals}.json`), '--only', 'tokens', '--yes']
      const terminal = terminalFor(front)
      let code: number | undefined
      void main(['probe', ...args], terminal).then((ended) => {
        code = ended
      })
      while (code === undefined) {
        if (!terminal.progress.some((text) => text.startsWith('finding out'))) terminal.clock.advance(3_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return code
    }
    expect(await run()).toBe(0)
    refusals = Number.POSITIVE_INFINITY
    expect(await run()).toBe(1)
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('goes on when an org breaks off amid a run, says what is unclear, and removes all', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    let tokens = 0
    await using front = await standInFront(sandbox, {
      breaks: (call) => call.endsWith('/v1/token') && ++tokens > 20 && tokens <= 25,
    })
    const out = join(folder.path, 'facts.json')
    const { code, stdout } = await probe(front, [
      '--out',
      out,
      '--only',
      'patches',
      '--only',
      'answers',
      '--yes',
    ])
    expect(code).toBe(1)
    const { facts } = JSON.parse(await readFile(out, 'utf8'))
    const unclear = Object.entries(facts).filter(([, fact]) => Object(fact).verdict === 'unclear')
    expect(unclear.length).toBe(5)
    for (const [, fact] of unclear)
      expect(fact).toMatchObject({ why: 'the token endpoint gave no answer: UND_ERR_SOCKET' })
    expect(stdout).toMatch(/33 questions: 28 as assumed, 0 otherwise, 5 unclear\./)
    expect(stdout).toMatch(/ {2}unclear {2}sub-number +the token endpoint gave no answer/)
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('writes neither where the org is nor what was made there when a call of the management API breaks off', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const isBroken = (call: string): boolean =>
      /^GET \/api\/v1\/authorizationServers\/\w+\/scopes$/.test(call)
    await using front = await standInFront(sandbox, { breaks: isBroken })
    const out = join(folder.path, 'facts.json')
    expect((await probe(front, ['--out', out, '--only', 'management', '--yes'])).code).toBe(1)
    const { facts } = JSON.parse(await readFile(out, 'utf8'))
    expect(facts['list-limit']).toMatchObject({
      verdict: 'unclear',
      why: expect.stringContaining(
        '(a URL) could not be asked for GET /api/v1/authorizationServers/(an id)/scopes: ',
      ),
    })
    expect(JSON.stringify(facts)).not.toContain(new URL(front.url).host)
  })

  it('removes with --clean what a run that broke off anywhere has left', { timeout: 60_000 }, async () => {
    await using sandbox = await createSandbox(oneServer)
    const before = await stateOf(sandbox)
    const isChange = (call: string): boolean => /^(POST|PUT|DELETE) \/api\//.test(call)
    let breaks = 0
    for (let lasts = 0, isWhole = false; !isWhole; lasts++) {
      let changes = 0
      isWhole = true
      await using folder = await folderWith({})
      await using front = await standInFront(sandbox, {
        breaks(call) {
          const isBroken = isChange(call) && ++changes > lasts
          if (isBroken) isWhole = false
          return isBroken
        },
      })
      const args = ['--out', join(folder.path, 'f.json'), '--only', 'tokens', '--yes']
      const { stderr } = await probe(front, args)
      if (!isWhole) breaks++
      // Broken off after the first change, something is left.
      if (!isWhole && lasts > 0) expect(stderr).toMatch(/behalf probe --clean/)
      expect((await probe(sandbox, ['--clean', '--yes'])).code).toBe(0)
      expect(await stateOf(sandbox)).toEqual(before)
    }
    expect(breaks).toBeGreaterThan(10)
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
    const nowhere = await probe({ url: 'https://org.invalid' }, [...args, '--org', 'org.invalid'])
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringMatching(/--public-url is missing/)])
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('asks for the name of the org, and takes no other', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    const args = ['probe', '--out', join(folder.path, 'f.json'), '--only', 'tokens']
    const answering = (answer: string): RecordedTerminal =>
      recordedTerminal({
        env: { OKTA_ORG_URL: sandbox.url, OKTA_API_TOKEN: defaultApiToken },
        answers: { 'Type 127.0.0.1': answer },
      })
    expect(await main(args, answering('y'))).toBe(3)
    expect(await main(args, answering('127.0.0.1'))).toBe(0)
    const other = await probe(sandbox, ['--yes', '--org', 'example.okta.com'])
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/--org names another org/)])
    const unnamed = await probe({ url: 'https://org.invalid' }, ['--clean', '--yes'])
    expect([unnamed.code, unnamed.stderr]).toEqual([2, expect.stringMatching(/--yes needs --org/)])
    expect(await stateOf(sandbox)).toEqual(before)
  })

  it('steers a hook that is served elsewhere, and serves one', { timeout: 60_000 }, async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const secrets = { PROBE_HOOK_SECRET: 'h'.repeat(24), PROBE_CONTROL_SECRET: 'c'.repeat(24) }
    const elsewhere = recordedTerminal({ env: secrets })
    const serving = main(['probe', '--hook-only'], elsewhere)
    while (elsewhere.stdout.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const [, port] = /listens on port (\d+)/.exec(elsewhere.stdout.join('')) ?? []
    const args = ['--out', join(folder.path, 'f.json'), '--only', 'calls', '--yes', '--json']
    const steer = async (env: Readonly<Record<string, string>>): Promise<RecordedTerminal> => {
      const terminal = recordedTerminal({
        env: { OKTA_ORG_URL: sandbox.url, OKTA_API_TOKEN: defaultApiToken, ...env },
      })
      await main(['probe', '--hook-url', `http://127.0.0.1:${port}`, ...args], terminal)
      return terminal
    }
    const stranger = await steer({ ...secrets, PROBE_CONTROL_SECRET: 'x'.repeat(24) })
    expect(stranger.stderr.join('')).toMatch(/another PROBE_CONTROL_SECRET/)
    expect((await steer({})).stderr.join('')).toMatch(/set PROBE_HOOK_SECRET and PROBE_CONTROL_SECRET/)
    const { facts } = JSON.parse((await steer(secrets)).stdout.join(''))
    for (const [id, fact] of Object.entries(facts))
      expect([id, fact]).toEqual([id, expect.objectContaining({ verdict: 'yes' })])
    elsewhere.stop()
    expect(await serving).toBe(0)
  })

  it('lets somebody sign in, asks what shows only then, and keeps nothing of it', async () => {
    await using sandbox = await createSandbox(oneServer)
    await using folder = await folderWith({})
    const before = await stateOf(sandbox)
    const out = join(folder.path, 'f.json')
    const refused = await probe(sandbox, ['--out', out, '--only', 'people', '--yes'])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/needs --sign-in/)])
    const terminal = terminalFor(sandbox)
    const done = main(['probe', '--out', out, '--only', 'people', '--sign-in', '--yes'], terminal)
    const linkOf = (): string | undefined => terminal.stderr.find((text) => text.includes('/v1/authorize?'))
    while (linkOf() === undefined) await new Promise((resolve) => setImmediate(resolve))
    const callback = await signIn({ authorizationUrl: linkOf() ?? '', login: 'alice@example.com' })
    expect(await (await fetch(callback)).text()).toContain('close this page')
    expect(await done).toBe(0)
    const written = await readFile(out, 'utf8')
    for (const { id, area } of questions.filter((question) => question.area === 'people'))
      expect([area, id, JSON.parse(written).facts[id]]).toEqual([
        area,
        id,
        expect.objectContaining({ verdict: 'yes' }),
      ])
    for (const secret of ['eyJ', 'alice', '00u']) expect(written).not.toContain(secret)
    expect(await stateOf(sandbox)).toEqual(before)
  })
})
