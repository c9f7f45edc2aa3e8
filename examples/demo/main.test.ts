import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const demo = fileURLToPath(new URL('main.ts', import.meta.url))

it('holds every step of the demo and tells them as one JSON document', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [demo, '--json'], { encoding: 'utf8' })
  expect(stderr).toBe('')
  const { ok, steps } = JSON.parse(stdout)
  expect(steps.map((step: { ok: boolean; name: string }) => [step.ok, step.name])).toEqual([
    [true, 'An Okta org, the hook and three APIs start'],
    [true, 'Ann signs in to the web shop (authorization code, PKCE)'],
    [true, 'API A exchanges JWT-A: Okta asks the hook, and issues JWT-B'],
    [true, 'The web shop calls API A, which calls API B, which calls API C, all for Ann'],
    [true, 'The same with API A and API B in Python, the sidecar beside API A'],
    [true, 'The chain is in the token: API B exchanges JWT-B, and act nests in JWT-C'],
    [true, 'To order, Ann needs a second factor: the web shop follows the challenge'],
    [true, "Okta's log keeps the URL: what it keeps is sealed, and of no use to whoever reads it"],
    [true, 'An assertion that has expired is denied'],
    [true, 'A client that may not present this assertion is denied'],
    [true, 'With the hook stopped, Okta fails open: it issues a plain token'],
    [true, 'A verifier that is told issuer and audience, and nothing else, tells the two apart'],
    [true, 'API B refuses the plain token, and so does the SDK of API A'],
  ])
  expect([ok, status]).toEqual([true, 0])
}, 60_000)
