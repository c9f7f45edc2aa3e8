import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { type Delegation, startDelegation } from '../delegation.ts'
import { withOutsider } from '../outsider.ts'
import { fromDebian, fromNpm, type StockVerifier, type Told, withoutAudience } from './verifiers.ts'

/** The table for users, which says nothing that has not run here. */
const documented = readFileSync(new URL('../../../docs/stock-verifiers.md', import.meta.url), 'utf8')
const rows: string[] = []
let delegation: Delegation
let told: Told

beforeAll(async () => {
  installOnDemand('tools/outside/stock-verifiers/npm')
  delegation = await startDelegation()
  const { issuer, audience, delegated } = delegation
  const jwksUri = `${issuer}/v1/keys`
  const jwks = JSON.parse(await (await fetch(jwksUri)).text())
  const plain = await delegation.withoutHook()
  const { kid } = JSON.parse(Buffer.from(delegated.split('.')[0] ?? '', 'base64url').toString())
  const jwk = jwks.keys.find((key: { kid?: string }) => key.kid === kid)
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
  told = { issuer, audience, jwksUri, jwks, pem, tokens: { delegated, plain, forged: forge(delegated) } }
}, 180_000)

afterAll(async () => {
  await delegation[Symbol.asyncDispose]()
  console.log(['what is told issuer and audience alone:', ...rows].join('\n'))
})

/** The same token in the name of somebody else. */
function forge(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'eve@example.com' })).toString('base64url')
  return `${header}.${changed}.${signature}`
}

/** What holds of every verifier that is told issuer and audience, and the row that says so. */
async function judge(verifier: StockVerifier): Promise<void> {
  const { delegated, plain, forged } = await verifier.verify(told)
  rows.push(`${verifier.name.padEnd(26)} delegated: ${say(delegated)}; plain: ${say(plain)}`)
  expect(delegated).toEqual({ accepted: 'ann@example.com' })
  expect(plain?.refused).toMatch(/./)
  expect(forged?.refused).toMatch(/./)
  expect(documented).toMatch(new RegExp(`^\\| .*\\b${verifier.name}\\b.* \\| accepts \\| refuses \\|`, 'm'))
}

function say(verdict: { readonly accepted?: string; readonly refused?: string } | undefined): string {
  return verdict?.accepted === undefined ? `refused (${verdict?.refused})` : `accepted (${verdict.accepted})`
}

describe('from npm', () => {
  test.each(fromNpm)('$name takes the delegated token and refuses the plain one', judge)

  test('a verifier that is not told its audience takes both', async () => {
    const { delegated, plain, forged } = await withoutAudience.verify(told)
    rows.push(`${'jose, no audience'.padEnd(26)} delegated: ${say(delegated)}; plain: ${say(plain)}`)
    expect(delegated).toEqual({ accepted: 'ann@example.com' })
    expect(plain).toEqual({ accepted: '0oaApiA' })
    expect(forged?.refused).toMatch(/./)
  })
})

for (const verifier of fromDebian)
  withOutsider(verifier, () => {
    test('takes the delegated token and refuses the plain one', () => judge(verifier), 180_000)
  })
