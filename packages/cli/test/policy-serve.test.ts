import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { BehalfProcess, folderWith } from './behalf-process.ts'

describe('behalf serve with policies in files', () => {
  it('reads them again on change, and keeps the old ones while the new ones are faulty', async () => {
    await using issuer = await TestIssuer.start()
    await using policies = await folderWith({ 'a.cedar': '@id("open") permit(principal, action, resource);' })
    await using folder = await folderWith({})
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      cwd: folder.path,
      env: {
        ISSUER: issuer.issuer,
        AUDIENCE: 'api://a',
        HOOK_SECRET: 'hook-secret-0123456789',
        CLIENT_IDS: '0oaApiA',
        POLICY_FILES: policies.path,
      },
    })
    const url = /(http:\/\/\S+)/.exec(await hook.line(/listens on/))?.[1] ?? ''
    const exchange = async () => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: 'hook-secret-0123456789', 'content-type': 'application/json' },
        body: JSON.stringify(
          hookEvent({ assertion: issuer.sign(userClaims(Math.floor(Date.now() / 1000))) }),
        ),
      })
      const { error } = Object(await response.json())
      return error === undefined ? 'permitted' : error.errorSummary
    }
    expect(await exchange()).toBe('permitted')

    await writeFile(join(policies.path, 'a.cedar'), 'permit(principal, action')
    expect(await hook.line(/refused/)).toContain('those before stay in force')
    expect(await hook.line(/a\.cedar:1:\d+: /)).toContain('unexpected end of input')
    expect(await exchange()).toBe('permitted')

    await writeFile(
      join(policies.path, 'a.cedar'),
      '@id("shut") @reason("Closed.") forbid(principal, action, resource);',
    )
    expect(await hook.line(/are in force/)).toContain('1 policies')
    expect(await exchange()).toMatch(/^policy_denied: Closed\. \(decision [\w-]+\)$/)
    const record = JSON.parse(await hook.line(/"shut"/))
    expect(record).toMatchObject({ decision: 'deny', code: 'policy_denied', policies: ['shut'] })
  })

  it('reads those of folders below, and of folders that come later', async () => {
    await using issuer = await TestIssuer.start()
    await using policies = await folderWith({ 'a.cedar': '@id("open") permit(principal, action, resource);' })
    await mkdir(join(policies.path, 'one'))
    await writeFile(join(policies.path, 'one/b.cedar'), '@id("b") permit(principal, action, resource);')
    await using folder = await folderWith({})
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      cwd: folder.path,
      env: {
        ISSUER: issuer.issuer,
        AUDIENCE: 'api://a',
        HOOK_SECRET: 'hook-secret-0123456789',
        CLIENT_IDS: '0oaApiA',
        POLICY_FILES: policies.path,
      },
    })
    const url = /(http:\/\/\S+)/.exec(await hook.line(/listens on/))?.[1] ?? ''
    // It watches by the time it answers.
    await fetch(url)
    await writeFile(
      join(policies.path, 'one/b.cedar'),
      'permit(principal, action, resource); permit(principal, action, resource);',
    )
    await hook.line(/are in force \(3 policies\)/)
    await mkdir(join(policies.path, 'two'))
    await writeFile(join(policies.path, 'two/c.cedar'), 'permit(principal, action, resource);')
    await hook.line(/are in force \(4 policies\)/)
    await writeFile(
      join(policies.path, 'two/c.cedar'),
      'forbid(principal in Group::"okta#x", action, resource);',
    )
    await hook.line(/two\/c\.cedar:1: names the group okta#x/)
  })

  it('does not start with faulty ones, and says where the fault is', async () => {
    await using policies = await folderWith({
      'a.cedar': '\npermit(principal, action, resource) when { 1 };',
    })
    await using folder = await folderWith({})
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      cwd: folder.path,
      env: {
        ISSUER: 'https://example.okta.com/oauth2/default',
        AUDIENCE: 'api://a',
        HOOK_SECRET: 'hook-secret-0123456789',
        POLICY_FILES: policies.path,
      },
    })
    expect(await hook.exitCode()).toBe(2)
    expect(hook.stderr.join('\n')).toMatch(/a\.cedar:2: /)
  })
})
