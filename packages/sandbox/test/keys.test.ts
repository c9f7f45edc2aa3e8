import { generateKeyPairSync } from 'node:crypto'
import { createSandbox, type Sandbox } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { requestMachineToken } from './machine-token.ts'

async function publishedKids(sandbox: Sandbox): Promise<string[]> {
  const { keys } = Object(await (await fetch(`${sandbox.url}/oauth2/default/v1/keys`)).json())
  return keys.map((key: { kid: string }) => key.kid)
}

async function signingKid(sandbox: Sandbox): Promise<string | undefined> {
  const { body } = await requestMachineToken(sandbox)
  return decodeProtectedHeader(String(body['access_token'])).kid
}

test('an announced key is published before it signs; the old one stays until it is withdrawn', async () => {
  await using sandbox = await createSandbox(oneServer)
  const [first = ''] = await publishedKids(sandbox)
  expect(await signingKid(sandbox)).toBe(first)

  const next = await sandbox.announceKey()
  expect(await publishedKids(sandbox)).toEqual([first, next])
  expect(await signingKid(sandbox)).toBe(first)

  expect(await sandbox.rotateKeys()).toBe(next)
  expect(await signingKid(sandbox)).toBe(next)
  expect(await publishedKids(sandbox)).toEqual([next, first])

  sandbox.withdrawKeys('default', first)
  expect(await publishedKids(sandbox)).toEqual([next])
})

test('a rotation by surprise signs with a key that was never announced', async () => {
  await using sandbox = await createSandbox(oneServer)
  const before = await publishedKids(sandbox)
  const kid = await sandbox.rotateKeys('default', { withdrawOld: true })
  expect(before).not.toContain(kid)
  expect(await publishedKids(sandbox)).toEqual([kid])
  expect(await signingKid(sandbox)).toBe(kid)
  expect(() => sandbox.withdrawKeys('none')).toThrow(/no authorization server 'none'/)
})

test('keys hold nothing private, and the first can be given', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signingKey = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA' } as const
  await using sandbox = await createSandbox({
    authorizationServers: [{ id: 'default', scopes: ['orders:read'], signingKey }],
  })
  const { keys } = Object(await (await fetch(`${sandbox.url}/oauth2/default/v1/keys`)).json())
  expect(Object.keys(keys[0]).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  expect(keys[0].n).toBe(signingKey.n)
})
