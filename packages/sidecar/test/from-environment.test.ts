import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sidecarFromEnvironment, startSidecar } from '@behalf/sidecar'
import { generateSigningKey, userClaims } from '@behalf/testing'
import { expect, it, onTestFinished } from 'vitest'
import { exchangeRequest, startWorld } from './world.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-sidecar-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

it('reads both endpoints from the environment, secrets from files', async () => {
  const world = await startWorld()
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'client'), 'secret-of-api-a\n')
  writeFileSync(join(folder, 'caller'), 'secret-of-the-gateway\n')
  const config = sidecarFromEnvironment({
    PATH: '/bin',
    DELEGATION_ISSUER: world.okta.issuer,
    CLIENT_ID: '0oaApiA',
    CLIENT_SECRET_FILE: join(folder, 'client'),
    ISSUER: world.users.issuer,
    AUDIENCE: 'api://a',
    RESOURCE: 'api://b, api://c',
    CALLER_ID: 'gateway',
    CALLER_SECRET_FILE: join(folder, 'caller'),
    PROXY: 'nginx',
    API_AUDIENCE: 'api://b',
    REQUIRED_SCOPES: 'orders:read,orders:write',
    ALLOWED_ACTORS: '0oaApiA',
  })
  const sidecar = await startSidecar({ ...config, drainDelayMs: 0 })
  onTestFinished(() => sidecar.stop())
  const now = Math.floor(Date.now() / 1000)
  world.clock.advance(Date.now() - world.clock.now())
  const request = exchangeRequest(
    { subject_token: world.users.sign(userClaims(now)), resource: 'api://b' },
    {
      url: `${sidecar.origin}/token`,
      headers: { authorization: `Basic ${btoa('gateway:secret-of-the-gateway')}` },
    },
  )
  expect((await fetch(request)).status).toBe(200)
  const credentials = world.okta.tokenRequests[0]?.headers.authorization?.slice(6) ?? ''
  expect(Buffer.from(credentials, 'base64').toString()).toBe('0oaApiA:secret-of-api-a')
  expect((await fetch(`${sidecar.origin}/verify`)).status).toBe(403)
})

it('authenticates the client with a private key, and seals where it is told to', async () => {
  const world = await startWorld()
  const folder = await temporaryFolder()
  const jwk = generateSigningKey('key-1', 'ES256').privateKey.export({ format: 'jwk' })
  writeFileSync(join(folder, 'key.jwk'), JSON.stringify({ ...jwk, kid: 'key-1' }))
  const { token, verify } = sidecarFromEnvironment({
    DELEGATION_ISSUER: world.okta.issuer,
    CLIENT_ID: '0oaApiA',
    CLIENT_KEY_FILE: join(folder, 'key.jwk'),
    // Nobody is there, and nothing is sent unsealed.
    SEAL_JWKS_URI: 'http://127.0.0.1:9/jwks.json',
    ISSUER: world.users.issuer,
    AUDIENCE: 'api://a',
    RESOURCE: 'api://b',
  })
  expect([token?.callers, verify]).toEqual(['loopback', undefined])
  world.clock.advance(Date.now() - world.clock.now())
  await expect(token?.client?.acquireToken({ assertion: world.subject(), scopes: [] })).rejects.toMatchObject(
    { code: 'seal_key_unavailable' },
  )
  expect(world.okta.tokenRequests).toEqual([])
})

it('tells all faults at once, by the names of the variables and without values', () => {
  const read = () =>
    sidecarFromEnvironment({
      DELEGATION_ISSUER: 'http://elsewhere.example/oauth2/behalf',
      CLIENT_ID: '0oaApiA',
      CLIENT_SECRET: 's3cret',
      CLIENT_KEY_FILE: '/nowhere',
      RESOURCE: 'api://b,,',
      CALLER_ID: 'gateway',
      PROXY: 'apache',
      INSECURE_HOSTS: 'http://x',
    })
  expect(read).toThrow(TypeError)
  expect(read).toThrow(
    /DELEGATION_ISSUER: .*\n- RESOURCE: .*\n- PROXY: .*\n- INSECURE_HOSTS: .*\n- ISSUER: missing.*\n- AUDIENCE: missing.*\n- API_AUDIENCE: missing.*\n- CLIENT_SECRET: expected exactly one.*\n- CALLER_ID: expected it together/,
  )
  expect(read).not.toThrow(/s3cret|elsewhere/)
  expect(() => sidecarFromEnvironment({})).toThrow(/DELEGATION_ISSUER: missing.*\n- CLIENT_ID: expected it/)
})
