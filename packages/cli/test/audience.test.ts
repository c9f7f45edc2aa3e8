import {
  createSandbox,
  defaultApiToken,
  defaultOrg,
  type Sandbox,
  type SandboxOptions,
} from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { diagnose } from './diagnosis.ts'
import { get, provision } from './provisioned-org.ts'

const uri = 'http://127.0.0.1:9/inline-hook'
const hook = { uri, secret: 'hook-secret-0123456789' }
const orders = 'https://orders.example'
const [users, delegation] = defaultOrg.authorizationServers

const examine = (
  { url }: Sandbox,
  server: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) =>
  diagnose(['--issuer', `${url}/oauth2/${server}`, '--hook', uri, ...args], {
    OKTA_ORG_URL: url,
    OKTA_API_TOKEN: defaultApiToken,
    ...env,
  })

describe('behalf doctor on audiences', () => {
  it('is content with the placeholder, and with another that is configured', async () => {
    await using sandbox = await createSandbox({
      hook,
      authorizationServers: [...defaultOrg.authorizationServers, { id: 'other', audience: 'urn:nobody' }],
    })
    const fine = { status: 'ok', detail: 'https://undelegated.invalid, which no API accepts' }
    for (const args of [[], ['--resource', orders]])
      expect((await examine(sandbox, 'behalf', args)).find('server audience')).toMatchObject(fine)
    const other = await examine(sandbox, 'other', [], { RESOURCE: orders, PLACEHOLDER: 'urn:nobody' })
    expect(other.find('server audience')).toMatchObject({ status: 'ok' })
  })

  it("fails an API's own where the hook has resources, and says that it never is to be changed", async () => {
    await using sandbox = await createSandbox({ hook, ...oneServer })
    for (const [args, env] of [
      [['--resource', orders], {}],
      [[], { RESOURCE: orders }],
    ] as const) {
      const { code, find } = await examine(sandbox, 'default', args, env)
      expect(code).toBe(1)
      expect(find('server audience')).toMatchObject({
        status: 'failure',
        detail: expect.stringMatching(
          /^'default' has api:\/\/default in place of https:\/\/undelegated\.invalid, .*resource_unprotected/,
        ),
        remedy: expect.stringMatching(/a server of its own .* never change an audience in use/),
      })
    }
  })

  it('warns where there are no resources: only our verifier refuses the plain token', async () => {
    await using sandbox = await createSandbox({ hook, ...oneServer })
    expect((await examine(sandbox, 'default')).find('server audience')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^api:\/\/default: .*only @behalf\/verify refuses the plain token/),
    })
  })

  it.each([
    [600, {}, 'users', true],
    [660, {}, 'users', false],
    [600, { RESOURCE_VERIFIER: 'behalf' }, 'users', false],
    [600, {}, 'elsewhere', 'skipped'],
    [600, {}, undefined, 'skipped'],
  ] as const)(
    "warns where users' tokens of %i s, with %j, signing in at %s, may be too short for a stock verifier: %s",
    async (accessTokenLifetimeSeconds, env, usersServer, expected) => {
      const people = { name: 'People', grantTypes: ['authorization_code'], accessTokenLifetimeSeconds }
      const options: SandboxOptions = {
        hook,
        authorizationServers: [{ ...users, policies: [{ name: 'Sign-in', rules: [people] }] }, delegation],
      }
      await using sandbox = await createSandbox(options)
      const args = usersServer === undefined ? [] : ['--user-issuer', `${sandbox.url}/oauth2/${usersServer}`]
      const { find } = await examine(sandbox, 'behalf', ['--resource', orders, ...args], env)
      const found = find("users' tokens")
      if (expected === false) expect(found).toBeUndefined()
      else if (expected === 'skipped') expect(found?.status).toBe('skipped')
      else
        expect(found).toMatchObject({
          status: 'warning',
          detail: expect.stringMatching(/^'Sign-in \/ People' gives 10 min, .*assertion_expires_soon/),
          remedy: expect.stringMatching(/RESOURCE_VERIFIER=behalf/),
        })
    },
  )
})

describe('behalf provision on audiences', () => {
  const args = ['--hook', 'https://hook.example.com/inline-hook', '--scope', 'orders:read', '--yes']

  it.each([
    [['--resource', orders], {}],
    [[], { RESOURCE: orders }],
  ])("refuses a server with an API's own audience, and changes nothing: %j %j", async (some, env) => {
    await using sandbox = await createSandbox(oneServer)
    const { code, stderr } = await provision(sandbox, [...args, ...some], {
      OKTA_API_TOKEN: defaultApiToken,
      ...env,
    })
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /'default' has the audience api:\/\/default.*resource_unprotected.*Nothing was changed; make a server with the audience https:\/\/undelegated\.invalid and name it with --server$/,
      ),
    ])
    expect(await get(sandbox, '/api/v1/inlineHooks')).toEqual([])
  })

  it('says that there is no such server', async () => {
    await using sandbox = await createSandbox()
    const { code, stderr } = await provision(sandbox, [...args, '--server', 'nowhere', '--resource', orders])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/has no authorization server 'nowhere'; make a/),
    ])
  })

  it('shows the audience of a server that has the placeholder, and attaches the hook there', async () => {
    await using sandbox = await createSandbox()
    const { code, stdout } = await provision(sandbox, [...args, '--server', 'behalf', '--resource', orders])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /= server +behalf\n +audience https:\/\/undelegated\.invalid, which no API accepts\n/,
    )
    expect(await get(sandbox, '/api/v1/inlineHooks')).toHaveLength(1)
  })
})
