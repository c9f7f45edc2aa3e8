import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Delegation, startDelegation } from '../delegation.ts'
import { withOutsider } from '../outsider.ts'

// Debian's own, which sees Debian's packages.
const python = '/usr/bin/python3'
const script = fileURLToPath(new URL('verify.py', import.meta.url))

withOutsider(
  { name: 'PyJWT', debianPackage: 'python3-jwt', probe: [python, '-c', 'import jwt, cryptography'] },
  () => {
    let delegation: Delegation
    beforeAll(async () => {
      delegation = await startDelegation()
    })
    afterAll(() => delegation[Symbol.asyncDispose]())

    async function verify(token: string, audience: string = delegation.audience): Promise<unknown> {
      const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
      child.stdin.end(JSON.stringify({ token, issuer: delegation.issuer, audience }))
      return JSON.parse(await text(child.stdout))
    }

    test('takes a delegated token, and sees who the user is and who acts', async () => {
      expect(await verify(delegation.delegated)).toMatchObject({
        claims: { sub: 'ann@example.com', act: { sub: '0oaApiA' }, assertion: { sub: 'ann@example.com' } },
      })
    })

    test('refuses it for another audience, and with another payload', async () => {
      const [header, payload = '', signature] = delegation.delegated.split('.')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
      const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'eve@example.com' })).toString('base64url')
      expect(await verify(delegation.delegated, 'api://c')).toEqual({ refused: 'InvalidAudienceError' })
      expect(await verify(`${header}.${forged}.${signature}`)).toEqual({ refused: 'InvalidSignatureError' })
    })
  },
)
