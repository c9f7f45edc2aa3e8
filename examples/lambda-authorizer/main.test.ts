import { fileURLToPath } from 'node:url'
import { delegatedClaims, TestIssuer } from '@behalf/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { createAuthorizer, startGateway } from './main.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start()
})
afterAll(() => issuer.close())

const nowSeconds = (): number => Math.floor(Date.now() / 1000)
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

it('hands the integration who the user is and who acts', async () => {
  const gateway = await startGateway(createAuthorizer({ issuer: issuer.issuer, audience: 'api://b' }))
  try {
    const url = `${gateway.url}/orders`
    const allowed = await fetch(url, bearer(issuer.sign(delegatedClaims(nowSeconds()))))
    expect([allowed.status, await allowed.json()]).toMatchObject([
      200,
      { kind: 'delegated', subject: 'ann@example.com', actor: '0oaApiA', scopes: 'orders:read' },
    ])
    const machine = delegatedClaims(nowSeconds(), { sub: '0oaApiA', act: undefined, assertion: undefined })
    expect((await fetch(url, bearer(issuer.sign(machine)))).status).toBe(403)
    expect((await fetch(url)).status).toBe(403)
  } finally {
    gateway.close()
  }
})

it('answers 500 while the keys are out of reach', async () => {
  const gateway = await startGateway(
    createAuthorizer({ issuer: 'http://127.0.0.1:9/x', audience: 'api://b' }),
  )
  try {
    const claims = delegatedClaims(nowSeconds(), { iss: 'http://127.0.0.1:9/x' })
    expect((await fetch(gateway.url, bearer(issuer.sign(claims)))).status).toBe(500)
  } finally {
    gateway.close()
  }
})

it('runs as a program', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  await using program = await runExample(main, { ISSUER: issuer.issuer, AUDIENCE: 'api://b', PORT: '0' })
  const response = await fetch(`${program.url}/orders`, bearer(issuer.sign(delegatedClaims(nowSeconds()))))
  expect(response.status).toBe(200)
})
