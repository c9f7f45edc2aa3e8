import type { Exchange, Sandbox } from '@behalf/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listenTo } from './event-source.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createQuickSandbox()
})
afterAll(() => sandbox.close())

const orders = {
  id: 'orders',
  effect: 'permit',
  place: 'policies/orders.cedar:1',
  text: 'permit (…);',
} as const
const policyNow = async (): Promise<unknown> => (await fetch(`${sandbox.url}/api/behalf/policy`)).json()

test('the policies in force are told to who asks, to who comes and to who is there', async () => {
  await using early = await listenTo(sandbox.url)
  sandbox.showPolicy({ policies: [orders] })
  expect(await early.next()).toMatchObject({ name: 'policy', id: undefined })
  expect(await policyNow()).toEqual({ policies: [orders] })
  await using late = await listenTo(sandbox.url)
  expect(JSON.parse((await late.next()).data)).toEqual({ policies: [orders] })
  sandbox.showPolicy({ policies: [], faults: ['policies/orders.cedar:3: unexpected token'] })
  for (const listener of [early, late])
    expect(JSON.parse((await listener.next()).data)).toEqual({
      policies: [],
      faults: ['policies/orders.cedar:3: unexpected token'],
    })
})

test('of very many and very long policies a bounded part is shown', async () => {
  const long = 'x'.repeat(100_000)
  sandbox.showPolicy({
    policies: Array.from({ length: 1000 }, (_, number) => ({ id: `${number}`, text: long })),
    faults: Array.from({ length: 1000 }, () => long),
  })
  expect((await (await fetch(`${sandbox.url}/api/behalf/policy`)).text()).length).toBeLessThan(2_000_000)
})

test('every fault of a policy is named', () => {
  const wrong: { policies: [] } = Object({ policies: [{ id: '', effect: 'maybe', colour: 'red' }] })
  expect(() => sandbox.showPolicy(wrong)).toThrow(/id: expected a text[\s\S]*effect[\s\S]*colour/)
})

test('who looks on when the org is reset hears of it, and who was away as well', async () => {
  await using sandbox = await createQuickSandbox()
  await sandbox.userToken({ login: 'alice@example.com' })
  await using there = await listenTo(sandbox.url)
  const { name, id, data } = await there.next()
  expect([name, JSON.parse(data).outcome]).toEqual(['exchange', 'user'])
  await sandbox.reset()
  const reset = await there.next()
  expect(reset).toMatchObject({ name: 'reset', data: '{}' })
  await sandbox.userToken({ login: 'alice@example.com' })
  expect((await there.next()).name).toBe('exchange')
  await using away = await listenTo(sandbox.url, id)
  expect([(await away.next()).name, (await away.next()).name]).toEqual(['reset', 'exchange'])
  await using knows = await listenTo(sandbox.url, reset.id)
  expect((await knows.next()).name).toBe('exchange')
})

test('who breaks off misses nothing, though what came earlier is known better by now', async () => {
  await using sandbox = await createQuickSandbox()
  for (let round = 0; round < 2; round++) await sandbox.userToken({ login: 'alice@example.com' })
  const listed = await fetch(`${sandbox.url}/api/behalf/exchanges`)
  const [earlier, later]: Exchange[] = JSON.parse(await listed.text())
  sandbox.annotate({ requestId: earlier?.id ?? '' }, { policies: ['late'] })
  await using heard = await listenTo(sandbox.url)
  const first = await heard.next()
  await using again = await listenTo(sandbox.url, first.id)
  const [one, other]: Exchange[] = [JSON.parse(first.data), JSON.parse((await again.next()).data)]
  expect([one?.id, other?.id, other?.policies]).toEqual([later?.id, earlier?.id, ['late']])
  // By which a page puts them in order nevertheless.
  expect(other?.firstRevision).toBeLessThan(one?.firstRevision ?? 0)
})

test('who reads slowly gets all that is kept, however much', async () => {
  await using sandbox = await createQuickSandbox()
  const outcome = 'x'.repeat(1_000_000)
  let after = 0
  const sent = new Set<string>()
  for (let round = 0; round < 12; round++) {
    await sandbox.userToken({ login: 'alice@example.com' })
    const listed = await fetch(`${sandbox.url}/api/behalf/exchanges?after=${after}`)
    const [{ id: requestId, revision }] = JSON.parse(await listed.text())
    after = revision + 1
    sandbox.annotate({ requestId }, { calls: [{ party: 'API B', accepted: true, outcome }] })
    sent.add(requestId)
  }
  await using heard = await listenTo(sandbox.url)
  const got = new Set<string>()
  while (got.size < sent.size) got.add(JSON.parse((await heard.next()).data).id)
  expect(got).toEqual(sent)
})

test('who comes back to another process is told that what was known is gone', async () => {
  await using sandbox = await createQuickSandbox()
  await using other = await createQuickSandbox({ clock: { now: () => Date.now() + 60_000 } })
  await sandbox.userToken({ login: 'alice@example.com' })
  await using before = await listenTo(sandbox.url)
  await other.userToken({ login: 'alice@example.com' })
  await using after = await listenTo(other.url, (await before.next()).id)
  expect([(await after.next()).name, (await after.next()).name]).toEqual(['reset', 'exchange'])
})
