import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { delegatedClaims, hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import type { Line } from '../src/terminal/line.ts'
import { BehalfProcess, folderWith } from './behalf-process.ts'
import { builtModule } from './built-module.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const hookModule = JSON.stringify(builtModule('@behalf/hook/cedar'))

async function run(args: readonly string[]) {
  const terminal = recordedTerminal()
  const exitCode = await main(['policy', ...args], terminal)
  return { exitCode, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

function configWith(issuer: string, policy: string, delegating?: string): string {
  const next =
    delegating === undefined
      ? ''
      : `, { issuer: '${delegating}', audiences: ['api://a'], tokens: 'delegated' }`
  return `import { cedar } from ${hookModule}
    export default {
      authenticate: { secrets: [undefined] },
      issuers: [{ issuer: '${issuer}', audiences: ['api://a'] }${next}],
      clients: { '0oaApiA': {}, '0oaForgotten': {} },
      policy: ${policy},
    }`
}

describe('behalf policy check', () => {
  it('finds nothing wrong with good policies', async () => {
    await using folder = await folderWith({ 'a.cedar': 'permit(principal, action, resource);' })
    expect(await run(['check', folder.path])).toEqual({
      exitCode: 0,
      stdout: '1 policies, 0 errors, 0 warnings',
      stderr: '',
    })
  })

  it('lists faults with file, line and reason', async () => {
    await using folder = await folderWith({
      'a.cedar':
        '@id("x") permit(principal, action, resource);\n@id("x") forbid(principal, action, resource);',
      'b.cedar': '\n\npermit(principal, action, resource) when { context.colour == "red" };',
    })
    const { exitCode, stdout } = await run(['check', folder.path])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/error .*a\.cedar:2: has the same @id as .*a\.cedar:1: x/)
    expect(stdout).toMatch(/error .*b\.cedar:3: .*attribute `colour`/)
  })

  it('warns of clients that policies and configuration do not share, and of policies that never apply', async () => {
    await using folder = await folderWith({
      'a.cedar': `permit(principal, action, resource) when { context.client == Client::"0oaApiA" };
        forbid(principal, action, resource) when { context.client == Client::"0oaStranger" };
        permit(principal is Group, action, resource) when { context.client == Client::"0oaApiA" };`,
    })
    const file = join(folder.path, 'behalf.config.ts')
    await writeFile(
      file,
      configWith('https://example.okta.com/oauth2/default', `cedar({ policies: '${folder.path}' })`),
    )
    const { exitCode, stdout } = await run(['check', '--config', file])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/warning clients\['0oaForgotten'\]: no policy permits it anything/)
    expect(stdout).toMatch(/warning .*a\.cedar:2: names the client 0oaStranger, which is not configured/)
    expect(stdout).toMatch(/warning .*a\.cedar:3: .*unable to find an applicable action/)
    expect((await run(['check', '--config', file, '--strict'])).exitCode).toBe(1)
  })

  it('speaks JSON', async () => {
    await using folder = await folderWith({ 'a.cedar': '@id("open") permit(principal, action, resource);' })
    const { stdout } = await run(['check', folder.path, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      faults: [],
      warnings: [],
      policies: [{ id: 'open', effect: 'permit', place: expect.stringMatching(/a\.cedar:1$/) }],
    })
  })

  it('says that a function cannot be checked', async () => {
    await using folder = await folderWith({
      'c.ts': `export default { policy: () => ({ decision: 'permit' }), clients: 'any' }`,
    })
    const { exitCode, stderr } = await run(['check', '--config', join(folder.path, 'c.ts')])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('behalf policy test')])
  })
})

describe('policies that would not apply', () => {
  const groups =
    'permit(principal, action, resource);\nforbid(principal in Group::"okta#contractors", action, resource);'
  const issuer = 'https://example.okta.com/oauth2/default'

  it.each([
    ['of POLICY_FILES', ['check']],
    ['of POLICY_FILES, strictly', ['check', '--strict']],
  ])('%s are errors of check', async (_, args) => {
    await using folder = await folderWith({ 'a.cedar': groups })
    await using checking = new BehalfProcess(['policy', ...args], {
      cwd: folder.path,
      env: { ISSUER: issuer, AUDIENCE: 'api://a', HOOK_SECRET: 'hook-secret-0123456789', POLICY_FILES: '.' },
    })
    expect(await checking.exitCode()).toBe(1)
    expect(checking.stdout).toContain(
      'error a.cedar:2: names the group okta#contractors, and issuerNames calls no issuer okta',
    )
  })

  it('are errors of the configuration, and by its names no errors', async () => {
    await using folder = await folderWith({ 'a.cedar': groups })
    const check = async (options: string) => {
      const file = join(folder.path, `${options.length}.config.ts`)
      await writeFile(file, configWith(issuer, `cedar({ policies: '${folder.path}'${options} })`))
      const own = await run(['check', '--config', file])
      expect(await run(['check', join(folder.path, 'a.cedar'), '--config', file])).toEqual(own)
      return own
    }
    expect(await check('')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('contractors') })
    expect(await check(`, issuerNames: { '${issuer}': 'okta' }, requiredClaims: ['groups']`)).toMatchObject({
      exitCode: 0,
    })
  })

  it('are doubtful where nobody has said what the issuers are called', async () => {
    await using folder = await folderWith({ 'a.cedar': groups })
    const { exitCode, stdout } = await run(['check', folder.path])
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/warning .*a\.cedar:2: names the group/)])
    expect((await run(['check', folder.path, '--strict'])).exitCode).toBe(1)
  })

  it('are doubtful without a claim that may be missing', async () => {
    await using folder = await folderWith({
      'a.cedar': groups,
      't.yaml': `policy: { policies: a.cedar, issuerNames: { ${issuer}: okta } }\ncases: [{ name: c, expect: permit }]`,
    })
    const file = join(folder.path, 't.yaml')
    expect(await run(['check', file])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/warning .*a\.cedar:2: forbids nobody without the claim groups/),
    })
    expect((await run(['check', file, '--strict'])).exitCode).toBe(1)
  })

  it.each([
    ['an issuer without a name', `policies: a.cedar`],
    ['a file that is not read', `policies: sub, issuerNames: { ${issuer}: okta }`],
  ])('are refused by policy test: %s', async (_, policy) => {
    await using folder = await folderWith({
      'a.cedar': groups,
      't.yaml': `policy: { ${policy} }\ncases: [{ name: c, expect: permit }]`,
    })
    await mkdir(join(folder.path, 'sub'))
    await writeFile(join(folder.path, 'sub/a.cedar'), 'permit(principal, action, resource);')
    await writeFile(join(folder.path, 'sub/b.Cedar'), 'forbid(principal, action, resource);')
    const { exitCode, stderr } = await run(['test', join(folder.path, 't.yaml')])
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/okta#contractors|looks like policies/)])
  })

  it('are denied by a required claim, in a test as well', async () => {
    await using folder = await folderWith({
      'a.cedar': groups,
      't.yaml': `policy: { policies: a.cedar, issuerNames: { ${issuer}: okta }, requiredClaims: [groups] }
cases:
  - { name: without, expect: forbid, by: [], reason: "The user's token lacks what the policy needs: groups." }
  - { name: staff, user: { claims: { groups: [staff] } }, expect: permit }`,
    })
    expect(await run(['test', join(folder.path, 't.yaml')])).toMatchObject({ exitCode: 0 })
  })
})

describe('a policy that is none', () => {
  it.each([
    ['check', `'x'`],
    ['check', '{}'],
    ['test', `'x'`],
    ['test', '{}'],
  ])('is refused by %s: %s', async (subcommand, policy) => {
    await using folder = await folderWith({
      'c.ts': `export default { clients: 'any', policy: ${policy} }`,
      't.yaml': 'cases: [{ name: one, expect: permit }]',
    })
    const files = subcommand === 'test' ? [join(folder.path, 't.yaml')] : []
    const { exitCode, stderr } = await run([subcommand, ...files, '--config', join(folder.path, 'c.ts')])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^behalf policy (check|test): .*\n {2}policy: must be a function or a decision point/,
    )
  })
})

const policies = `@id("sales") permit(principal in Group::"okta#sales", action, resource == Api::"api://b");
@id("chains") @reason("No chains.") forbid(principal, action, resource) when { context.depth > 1 };
@id("night") @reason("Closed at night.") forbid(principal, action, resource)
  when { context.scopes.contains("pay") && context.request.local.hour < 6 };`

const cases = `
policy:
  policies: p.cedar
  issuerNames: { https://example.okta.com/oauth2/default: okta }
defaults:
  user: { claims: { groups: [sales] } }
cases:
  - { name: sales may, expect: permit, by: sales }
  - { name: chains may not, chain: [0oaX], expect: forbid, by: chains, reason: No chains. }
  - { name: others may not, user: { id: bob, claims: { groups: [] } }, expect: forbid, by: [] }
  - { name: not at night, scopes: [read, pay], at: 2026-11-24T03:00:00Z, expect: forbid, by: night, blames: [pay] }
`

describe('behalf policy test', () => {
  it('passes when every answer is as expected', async () => {
    await using folder = await folderWith({ 'p.cedar': policies, 't.yaml': cases })
    const { exitCode, stdout, stderr } = await run(['test', join(folder.path, 't.yaml')])
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toEqual([
      'ok  sales may       permit  sales',
      'ok  chains may not  forbid  chains',
      'ok  others may not  forbid',
      'ok  not at night    forbid  night',
      '4 passed, 0 failed',
    ])
    expect(exitCode).toBe(0)
  })

  it.each([
    ['another decision', 'expect: forbid', 'expected forbid'],
    ['another policy', 'expect: permit, by: chains', 'expected it by chains'],
    ['no policy', 'expect: permit, by: []', 'expected it by no policy'],
    [
      'another reason',
      'chain: [x], expect: forbid, reason: Yes',
      "expected the reason 'Yes', not 'No chains.'",
    ],
    [
      'scopes to blame',
      'chain: [x], expect: forbid, blames: [pay]',
      'expected it to blame pay, not any scope',
    ],
  ])('fails when %s was expected', async (_, expectation, problem) => {
    const text = `${cases.slice(0, cases.indexOf('cases:'))}cases: [{ name: c, ${expectation} }]`
    await using folder = await folderWith({ 'p.cedar': policies, 't.yaml': text })
    const { exitCode, stdout } = await run(['test', join(folder.path, 't.yaml')])
    expect(exitCode).toBe(1)
    expect(stdout).toContain(problem)
    expect(stdout).toContain('0 passed, 1 failed')
  })

  const stepUp = {
    'p.cedar':
      '@id("mfa") @needsAcrValues("phr") @needsMaxAgeSeconds("900") forbid(principal, action, resource);',
  }

  it('shows what the user needs, and compares it', async () => {
    const cases = '{ name: one, expect: forbid, needs: { acrValues: [phr], maxAgeSeconds: 900 } }'
    await using folder = await folderWith({
      ...stepUp,
      't.yaml': `policy: { policies: p.cedar }\ncases: [${cases}]`,
    })
    const { exitCode, stdout } = await run(['test', join(folder.path, 't.yaml')])
    expect(stdout.split('\n')).toEqual([
      'ok  one  forbid  mfa  needs acr_values=phr; max_age=900',
      '1 passed, 0 failed',
    ])
    expect(exitCode).toBe(0)
    const json = await run(['test', join(folder.path, 't.yaml'), '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      cases: [{ needs: { acrValues: ['phr'], maxAgeSeconds: 900 } }],
    })
  })

  it('fails when the user needs something else', async () => {
    await using folder = await folderWith({
      ...stepUp,
      't.yaml': `policy: { policies: p.cedar }
cases: [{ name: one, expect: forbid, needs: { maxAgeSeconds: 60 } }]`,
    })
    const { exitCode, stdout } = await run(['test', join(folder.path, 't.yaml')])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('expected it to need max_age=60, not acr_values=phr; max_age=900')
  })

  it('refuses what nobody can need', async () => {
    await using folder = await folderWith({
      ...stepUp,
      't.yaml': `policy: { policies: p.cedar }
cases: [{ name: one, expect: forbid, needs: { amr: [mfa] } }]`,
    })
    const { exitCode, stderr } = await run(['test', join(folder.path, 't.yaml')])
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('cases.0.needs: must be what a policy can need'),
    ])
  })

  it('fails when a policy reaches no decision', async () => {
    await using folder = await folderWith({
      'p.cedar':
        '@id("o") forbid(principal, action, resource) when { context.depth * 9223372036854775807 > 1 };',
      't.yaml': 'policy: { policies: p.cedar }\ncases: [{ name: c, chain: [x], expect: forbid }]',
    })
    const { exitCode, stdout } = await run(['test', join(folder.path, 't.yaml')])
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('no decision: these policies failed: o')])
  })

  it.each([
    ['vip: true', 'a bare boolean, which Okta is not known to apply'],
    ['score: 1.5', 'a bare fraction, which Okta is not known to apply'],
    ['groups: ["a"]', 'a claim is reserved'],
    ['act: { sub: "x" }', 'under a name that is taken'],
    ['big: "x".repeat(5000)', 'claims_too_large: the patch is larger than 4096 bytes'],
  ])('fails when the hook could not say what is permitted: %s', async (claims, problem) => {
    await using folder = await folderWith({
      'c.ts': `export default { clients: 'any', policy: () => ({ decision: 'permit', claims: { ${claims} } }) }`,
      't.yaml': 'cases: [{ name: one, expect: permit }]',
    })
    const { exitCode, stdout } = await run([
      'test',
      join(folder.path, 't.yaml'),
      '--config',
      join(folder.path, 'c.ts'),
    ])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('permitted, and yet the exchange is denied: ')
    expect(stdout).toContain(problem)
  })

  it('passes when a policy adds what Okta applies, and heeds the size of the configuration', async () => {
    const claims = `{ permissions: ['a'], plan: { vip: true }, 'app.tenant': 'x', 'https://example.com/t': 'x' }`
    await using folder = await folderWith({
      'c.ts': `export default { clients: 'any', policy: () => ({ decision: 'permit', claims: ${claims} }) }`,
      'small.ts': `export default { clients: 'any', claims: { maxBytes: 256 }, policy: () => ({ decision: 'permit', claims: ${claims} }) }`,
      't.yaml': 'cases: [{ name: one, expect: permit }]',
    })
    const test = (file: string) =>
      run(['test', join(folder.path, 't.yaml'), '--config', join(folder.path, file)])
    expect(await test('c.ts')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 passed') })
    expect(await test('small.ts')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('claims_too_large'),
    })
  })

  it('asks with addresses as the hook reads them', async () => {
    const policy = `({ request }) => ({ decision: request.ipAddress === '203.0.113.7' ? 'permit' : 'forbid' })`
    await using folder = await folderWith({
      'c.ts': `export default { clients: 'any', policy: ${policy} }`,
      't.yaml': `cases: [{ name: one, ip: '::ffff:cb00:7107', expect: permit }]`,
    })
    const args = ['test', join(folder.path, 't.yaml'), '--config', join(folder.path, 'c.ts')]
    expect((await run(args)).exitCode).toBe(0)
  })

  it('asks the policy of the configuration when the file names none, a function as well', async () => {
    await using folder = await folderWith({
      'c.ts': `export default { clients: 'any', policy: ({ actors }) => ({ decision: actors.length > 1 ? 'forbid' : 'permit' }) }`,
      't.yaml': 'cases: [{ name: one, expect: permit }, { name: two, chain: [x], expect: forbid }]',
    })
    const { exitCode, stdout } = await run([
      'test',
      join(folder.path, 't.yaml'),
      '--config',
      join(folder.path, 'c.ts'),
      '--json',
    ])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 2,
      failed: 0,
      cases: [
        { name: 'one', decision: 'permit', problems: [] },
        { name: 'two', decision: 'forbid', problems: [] },
      ],
    })
  })

  it.each([
    ['cases: [{ name: 1, expect: maybe, when: now }]', 'cases.0.when: is not a known setting'],
    ['cases: [{ name: c }]', 'cases.0.expect: is missing'],
    ['cases: [7]', 'cases.0: must be an object'],
    ['cases: []', 'cases: must hold at least one case'],
    ['case: []', 'cases: is missing'],
    ['cases: [{ name: c, at: soon, expect: permit }]', 'cases.0.at: must be a time'],
    ['cases: [', 'is not YAML'],
    ['[]', 'is no file of policy tests'],
  ])('refuses the file %j', async (text, problem) => {
    await using folder = await folderWith({ 't.yaml': text })
    const { exitCode, stderr } = await run(['test', join(folder.path, 't.yaml')])
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(problem)])
  })

  it('tests again when a policy changes, until stopped', async () => {
    await using folder = await folderWith({ 'p.cedar': policies, 't.yaml': cases })
    const terminal = recordedTerminal()
    const seen = Promise.withResolvers<void>()
    const watching = {
      ...terminal,
      print: (line: Line) => {
        terminal.print(line)
        if (/[1-9]\d* failed$/.test(terminal.stdout.at(-1) ?? '')) seen.resolve()
      },
    }
    const exit = main(['policy', 'test', join(folder.path, 't.yaml'), '--watch'], watching)
    await expect.poll(() => terminal.stdout.at(-1)).toBe('4 passed, 0 failed')
    await writeFile(join(folder.path, 'p.cedar'), policies.replace('"sales") permit', '"people") permit'))
    // The file system tells in its own time; the clock of the test decides when changes have settled.
    await expect.poll(() => terminal.clock.pending).toBe(1)
    terminal.clock.advance(100)
    await seen.promise
    expect(terminal.stdout.join('\n')).toContain('expected it by sales')
    terminal.stop()
    expect(await exit).toBe(0)
  })
})

describe('behalf policy test --watch in a process of its own', () => {
  it('runs on, tests again after a change, and stops on SIGTERM with 0', async () => {
    await using folder = await folderWith({ 'p.cedar': policies, 't.yaml': cases })
    await using watching = new BehalfProcess(['policy', 'test', 't.yaml', '--watch'], { cwd: folder.path })
    await watching.line(/^4 passed, 0 failed$/)
    await writeFile(join(folder.path, 'p.cedar'), policies.replace('"sales") permit', '"people") permit'))
    expect(await watching.line(/^3 passed/)).toBe('3 passed, 1 failed')
    watching.child.kill('SIGTERM')
    expect(await watching.exitCode()).toBe(0)
    expect(watching.stderr).toEqual([])
  })

  it('refuses a function, whose changes it would not see', async () => {
    await using folder = await folderWith({
      'c.ts': `export default { clients: 'any', policy: () => ({ decision: 'permit' }) }`,
      't.yaml': 'cases: [{ name: one, expect: permit }]',
    })
    await using watching = new BehalfProcess(['policy', 'test', 't.yaml', '--config', 'c.ts', '--watch'], {
      cwd: folder.path,
    })
    expect(await watching.exitCode()).toBe(2)
    expect(watching.stderr).toEqual([expect.stringMatching(/--watch follows policies in files.* without it/)])
  })
})

describe('behalf policy explain', () => {
  it('goes through the steps, and tells nothing of the token', async () => {
    await using issuer = await TestIssuer.start()
    const at = Date.UTC(2026, 10, 24, 9, 30)
    await using delegating = await TestIssuer.start(issuer.keys)
    const first = userClaims(at / 1000, { iss: issuer.issuer, groups: ['sales'], secret_claim: 'hush' })
    const chain = { aud: 'api://a', cid: '0oaX', act: { sub: '0oaX' }, assertion: first }
    const assertion = delegating.sign(delegatedClaims(at / 1000, chain))
    await using folder = await folderWith({
      'p.cedar': policies,
      'event.json': JSON.stringify(hookEvent({ assertion })),
    })
    const config = join(folder.path, 'behalf.config.ts')
    const names = `{ '${issuer.issuer}': 'okta' }`
    await writeFile(
      config,
      configWith(
        issuer.issuer,
        `cedar({ policies: '${folder.path}/p.cedar', issuerNames: ${names} })`,
        delegating.issuer,
      ),
    )
    const args = ['explain', '--event', join(folder.path, 'event.json'), '--config', config]

    const { exitCode, stdout } = await run([...args, '--at', '2026-11-24T09:30:00Z'])
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^authenticate\s+skipped/),
      'parse         continued  scopes orders:read, for api://b',
      'recognise     continued  a token for the client 0oaApiA',
      'extract       continued',
      'open          continued  the assertion is not sealed',
      'resource      continued',
      `verify        continued  the user is ann@example.com, vouched for by ${issuer.issuer}`,
      'bind          continued',
      'extend        continued  actors, the current one first: 0oaApiA ← 0oaX',
      'policy        denied     policy_denied; No chains.; by chains',
      'denied: policy_denied: No chains.',
    ])
    expect(stdout).not.toMatch(/hush|eyJ/)
    expect(exitCode).toBe(1)

    const later = await run([...args, '--at', '2026-11-25T09:30:00Z', '--json'])
    expect(JSON.parse(later.stdout)).toMatchObject({ permitted: false })
    expect(JSON.parse(later.stdout).steps[0]).toMatchObject({ step: 'authenticate', outcome: 'skipped' })
    expect(JSON.parse(later.stdout).steps.at(-1)).toMatchObject({ step: 'verify', code: 'assertion_expired' })
  })

  it('shows what a permit changes, without its values', async () => {
    await using issuer = await TestIssuer.start()
    await using folder = await folderWith({
      'p.cedar': '@id("open") @lifetimeSeconds("600") permit(principal, action, resource);',
      'event.json': JSON.stringify(
        hookEvent({ assertion: issuer.sign(userClaims(Math.floor(Date.now() / 1000))) }),
      ),
    })
    const config = join(folder.path, 'behalf.config.ts')
    await writeFile(config, configWith(issuer.issuer, `cedar({ policies: '${folder.path}/p.cedar' })`))
    const { exitCode, stdout } = await run([
      'explain',
      '--event',
      join(folder.path, 'event.json'),
      '--config',
      config,
    ])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('permitted by open')
    expect(stdout.split('\n').slice(-5)).toEqual([
      '  replace /claims/sub',
      '  add /claims/act',
      '  add /claims/assertion',
      '  replace /token/lifetime/expiration',
      'permitted',
    ])
    expect(await readFile(join(folder.path, 'event.json'), 'utf8')).toContain('assertion=')
  })

  it.each([[['explain']], [['explain', '--event', 'nowhere.json']], [['frobnicate']], [['test']], [[]]])(
    'refuses wrong use: %j',
    async (args) => {
      const { exitCode, stderr } = await run(args)
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(/^behalf policy( \w+)?: /)
    },
  )
})
