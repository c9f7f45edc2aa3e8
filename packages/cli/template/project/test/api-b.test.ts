import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { createTestIssuer } from '@behalf/verify/testing'
import { createApiB } from '../api-b/app.ts'

const testIssuer = createTestIssuer({ audience: 'https://orders.example' })
const readOrders = 'orders:read'

/** API B on a free port; what it answers to a token. */
async function ask(token?: string): Promise<{ status: number; body: string }> {
  const { issuer, fetch: keys } = testIssuer
  const server = createApiB({ issuer, audience: 'https://orders.example', fetch: keys }).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await fetch(`http://127.0.0.1:${port}/orders`, { headers })
    return { status: answer.status, body: await answer.text() }
  } finally {
    server.close()
  }
}

test('knows whose orders are asked for, and by whom', async () => {
  const token = testIssuer.delegatedToken({
    subject: 'ann@example.com',
    actor: 'web-shop',
    scopes: [readOrders],
  })
  assert.deepEqual(await ask(token), {
    status: 200,
    body: JSON.stringify({ ordersOf: 'ann@example.com', askedBy: ['web-shop'] }),
  })
})

test('refuses what Okta issues when its hook could not answer', async () => {
  assert.equal((await ask(testIssuer.machineToken({ scopes: [readOrders] }))).status, 401)
})

test('refuses a token without the scope, and none at all', async () => {
  assert.equal((await ask(testIssuer.delegatedToken({ scopes: [] }))).status, 403)
  assert.equal((await ask()).status, 401)
})
