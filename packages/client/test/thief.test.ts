import { clientSecretBasic, createClient } from '@behalf/client'
import { type Clock, systemClock } from '@behalf/core'
import { expect, test } from 'vitest'
import { apiA, orders, type SealedWorld, secretOf, startSealedWorld, thief } from './support/sealed-world.ts'

/** A clock that can be put forward. */
class ShiftedClock implements Clock {
  shiftMs = 0

  now(): number {
    return systemClock.now() + this.shiftMs
  }

  schedule(callback: () => void, delayMs: number): () => void {
    return systemClock.schedule(callback, delayMs)
  }
}

/** What the System Log kept of the last token request. */
function sealInLog({ okta }: SealedWorld): string {
  const urls = okta.systemLog.events().flatMap(({ request }) => (request === undefined ? [] : [request.url]))
  const seals = urls.flatMap((url) => new URL(url, okta.url).searchParams.get('assertion') ?? [])
  return seals.at(-1) ?? ''
}

/** Presents a text as anybody can who authenticates as a client; returns what came of it. */
async function present(issuer: string, clientId: string, assertion: string): Promise<string> {
  const response = await fetch(`${issuer}/v1/token?assertion=${assertion}`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secretOf(clientId)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
  })
  const { error_description: description } = JSON.parse(await response.text())
  return String(description).split(':')[0] ?? ''
}

test('a seal from the log is of no use to another client, for another server, again, or later', async () => {
  const clock = new ShiftedClock()
  const world = await startSealedWorld(true, clock)
  const { issuers } = world
  const client = createClient({
    issuer: issuers.delegation,
    clientId: apiA,
    auth: clientSecretBasic(secretOf(apiA)),
    seal: { jwksUri: world.jwksUri },
    resource: orders,
  })
  const assertion = await world.userToken()
  const token = await client.acquireToken({ assertion, scopes: ['orders:read'] })
  expect(token.actors.map(({ sub }) => sub)).toEqual([apiA])

  const stolen = sealInLog(world)
  expect(stolen.split('.')).toHaveLength(5)
  expect(await present(issuers.delegation, thief, stolen)).toBe('seal_client_mismatch')
  expect(await present(issuers.other, apiA, stolen)).toBe('seal_audience_mismatch')
  expect(await present(issuers.other, thief, stolen)).toBe('seal_client_mismatch')
  // Even with the credentials of API A.
  expect(await present(issuers.delegation, apiA, stolen)).toBe('seal_replayed')
  clock.shiftMs = 130_000
  expect(await present(issuers.delegation, apiA, stolen)).toBe('seal_expired')
  // The user's token has not ended, and is of no use as it is.
  expect(await present(issuers.delegation, apiA, assertion)).toBe('seal_required')
})
