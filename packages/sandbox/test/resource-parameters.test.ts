import type { AuthorizationServerOptions } from '@behalf/sandbox'
import { describe, expect, test } from 'vitest'
import { requestMachineToken } from './machine-token.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

const orgThat = (resourceParameters?: AuthorizationServerOptions['resourceParameters']) =>
  createQuickSandbox({
    authorizationServers: [
      {
        id: 'default',
        audience: 'api://default',
        scopes: ['orders:read'],
        ...(resourceParameters === undefined ? {} : { resourceParameters }),
      },
    ],
  })

const requests = [
  { form: { resource: 'https://orders.example' } },
  { form: { audience: 'https://orders.example' } },
  { query: '?resource=https%3A%2F%2Forders.example' },
]

describe('a resource or an audience at the token endpoint', () => {
  test('is not looked at by default', async () => {
    await using sandbox = await orgThat()
    for (const request of requests) {
      const { status, claims } = await requestMachineToken(sandbox, request)
      expect([status, claims.aud]).toEqual([200, 'api://default'])
    }
  })

  test('is refused', async () => {
    await using sandbox = await orgThat('refused')
    for (const request of requests) {
      const { status, body } = await requestMachineToken(sandbox, request)
      expect([status, body['error']]).toEqual([400, 'unsupported_resource'])
    }
    expect((await requestMachineToken(sandbox)).status).toBe(200)
  })

  test('or is put into aud, one of them', async () => {
    await using sandbox = await orgThat('granted')
    for (const request of requests) {
      const { claims } = await requestMachineToken(sandbox, request)
      expect(claims.aud).toBe('https://orders.example')
    }
    const { body } = await requestMachineToken(sandbox, {
      form: { resource: 'https://a.example', audience: 'https://b.example' },
    })
    expect(body['error']).toBe('too_many_resources')
  })
})

test('metadata is at RFC 8414’s place, too', async () => {
  await using sandbox = await orgThat()
  const answer = await fetch(`${sandbox.url}/.well-known/oauth-authorization-server/oauth2/default`)
  expect(await answer.json()).toMatchObject({ issuer: `${sandbox.url}/oauth2/default` })
  const other = await fetch(`${sandbox.url}/.well-known/oauth-authorization-server/oauth2/none`)
  expect(other.status).toBe(404)
})
