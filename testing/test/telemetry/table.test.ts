import type { Telemetry } from '@behalf/core'
import {
  type AttributeRow,
  attributes,
  type OperationRow,
  operations,
  type QuantityRow,
  quantities,
} from '@behalf/core/internal'
import { createVerifier, type TokenKind } from '@behalf/verify'
import { describe, expect, test } from 'vitest'
import { LogWatch } from '../../../packages/cli/src/watch/log-watch.ts'
import { lookAgainAndAgain } from '../../../packages/cli/src/watch/looking.ts'
import { recordedTerminal } from '../../../packages/cli/test/recorded-terminal.ts'
import { createRefusingHook } from '../../../packages/hook/src/refusing-hook.ts'
import { collectTelemetry } from './collected.ts'
import { login, startWorld, type World } from './world.ts'

const operationRows: Readonly<Record<string, OperationRow>> = operations
const quantityRows: Readonly<Record<string, QuantityRow>> = quantities
const attributeRows: Readonly<Record<string, AttributeRow>> = attributes

/** Everything that can be told, once at least. */
async function tellAll() {
  const collected = collectTelemetry()
  const { telemetry } = collected
  let forbids = false
  const world = await startWorld(telemetry, {
    policy: () => ({ decision: forbids ? 'forbid' : 'permit' }),
    missingAssertion: 'unchanged',
  })
  const { client, verifier, assertion, sidecar, reaches } = world
  const scopes = ['orders:read']
  const { accessToken } = await client.acquireToken({ assertion, scopes })
  await client.acquireToken({ assertion, scopes })
  await verifier.verify(accessToken)
  const plain = await world.plainToken()
  await expect(verifier.verify(plain)).rejects.toMatchObject({ code: 'token_undelegated' })
  await createVerifier({
    issuer: world.issuer,
    audience: 'api://default',
    accept: ['machine'],
    telemetry,
  }).verify(plain)
  forbids = true
  await expect(client.acquireToken({ assertion, scopes, skipCache: true })).rejects.toMatchObject({
    code: 'policy_denied',
  })
  reaches.hook = false
  await expect(client.acquireToken({ assertion, scopes, skipCache: true })).rejects.toMatchObject({
    code: 'token_undelegated',
  })
  reaches.hook = true
  const exchanged = await fetch(`${sidecar.origin}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: assertion,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: 'api://default',
      scope: 'orders:read',
    }),
  })
  const passed = await fetch(`${sidecar.origin}/verify`, {
    headers: {
      authorization: `Bearer ${accessToken}`,
      'x-original-method': 'GET',
      'x-original-uri': '/orders?of=alice',
    },
  })
  const broken = createVerifier({
    issuer: 'http://127.0.0.1:9/oauth2/gone',
    audience: 'api://default',
    telemetry,
  })
  await broken.loadKeys({ mayFail: true })
  await watchOnce(world, telemetry)
  const refusing = createRefusingHook('the configuration was refused', { telemetry })
  await refusing.handle({ headers: new Map(), body: '' })
  return {
    ...collected,
    world,
    answers: [exchanged.status, passed.status],
    tokens: [accessToken, assertion, plain],
  }
}

/** Looks at the org's log once, as `behalf watch --every` does. */
async function watchOnce({ list }: World, telemetry: Telemetry): Promise<void> {
  const terminal = recordedTerminal({})
  const { clock } = terminal
  const watched = { api: { list }, serverId: 'default', hookId: undefined, clients: new Set<string>(), clock }
  const watching = lookAgainAndAgain(
    new LogWatch(watched, clock.now() - 60_000),
    { everySeconds: 60, json: true, telemetry },
    terminal,
  )
  terminal.stop()
  await watching
}

describe('what OpenTelemetry receives', () => {
  test('is what the table says: every span, metric and attribute, and no other', async () => {
    const { spans, points, answers } = await tellAll()
    expect(answers).toEqual([400, 200])
    const received = spans().map(({ name, attributes: said }) => {
      const known = Object.keys(operationRows).filter((each) => name === each || name.startsWith(`${each} `))
      expect(known).toHaveLength(1)
      return { name: known[0] ?? '', attributes: said }
    })
    const namesIn = (all: readonly { name: string; attributes: object }[], name: string): readonly string[] =>
      [
        ...new Set(all.filter((each) => each.name === name).flatMap((each) => Object.keys(each.attributes))),
      ].toSorted()

    expect([...new Set(received.map(({ name }) => name))].toSorted()).toEqual(
      Object.keys(operationRows).toSorted(),
    )
    for (const [name, row] of Object.entries(operationRows))
      expect([name, namesIn(received, name)]).toEqual([name, [...row.attributes, ...row.details].toSorted()])

    const measured = await points()
    const metrics = [
      ...Object.keys(operationRows).map((name) => `${name}.duration`),
      ...Object.keys(quantityRows),
    ]
    expect([...new Set(measured.map(({ name }) => name))].toSorted()).toEqual(metrics.toSorted())
    for (const [name, row] of Object.entries(operationRows))
      expect([name, namesIn(measured, `${name}.duration`)]).toEqual([name, [...row.attributes].toSorted()])
    for (const [name, row] of Object.entries(quantityRows)) {
      expect([name, namesIn(measured, name)]).toEqual([name, [...row.attributes].toSorted()])
      expect(new Set(measured.filter((each) => each.name === name).map(({ unit }) => unit))).toEqual(
        new Set([row.unit]),
      )
    }

    const said = [...received, ...measured].flatMap((each) => Object.entries(each.attributes))
    for (const [name, { values }] of Object.entries(attributeRows)) {
      const found = new Set(said.filter(([each]) => each === name).map(([, value]) => String(value)))
      expect([name, found.size > 0]).toEqual([name, true])
      if (values !== undefined) expect([...found].filter((value) => !values.includes(value))).toEqual([])
    }
    expect(new Set(said.map(([name]) => name))).toEqual(new Set(Object.keys(attributeRows)))
  })

  test('holds no token, no subject, no URL and no part of one', async () => {
    const { spans, points, tokens, world } = await tellAll()
    const told = [
      ...spans().flatMap(({ name, attributes: said, events, status, links }) => [
        name,
        ...Object.values(said),
        status.message ?? '',
        JSON.stringify([events, links]),
      ]),
      ...(await points()).flatMap((point) => Object.values(point.attributes)),
    ].map(String)
    expect(told.length).toBeGreaterThan(100)
    const parts = [
      ...tokens.flatMap((token) => token.split('.')),
      world.issuer,
      login,
      'alice',
      'orders',
      '://',
      '?',
    ]
    for (const text of told) expect(parts.filter((part) => text.includes(part))).toEqual([])
  })

  test('goes from the exchange to its steps', async () => {
    const { spans } = await tellAll()
    const exchange = spans().find(({ attributes: said }) => said['behalf.decision'] === 'permit')
    const steps = spans().filter(
      ({ parentSpanContext }) => parentSpanContext?.spanId === exchange?.spanContext().spanId,
    )
    expect(steps.map(({ name }) => name.replace('behalf.hook.step ', ''))).toEqual([
      ...['authenticate', 'parse', 'recognise', 'extract', 'open', 'resource', 'verify', 'bind', 'extend'],
      ...['policy', 'claim', 'commands'],
    ])
  })

  test('counts what several parties do as one, and the plain token by its code', async () => {
    const { points } = await tellAll()
    const measured = await points()
    const counted = (name: string, wanted: object): number | undefined =>
      measured.find(
        (each) =>
          each.name === name &&
          Object.entries(wanted).every(([key, value]) => each.attributes[key] === value),
      )?.value
    expect(counted('behalf.verify.token.duration', { 'behalf.code': 'token_undelegated' })).toBe(1)
    expect(counted('behalf.hook.hooks', { 'behalf.state': 'ready' })).toBe(1)
    expect(counted('behalf.hook.hooks', { 'behalf.state': 'refusing' })).toBe(1)
    expect(counted('behalf.client.tokens', { 'behalf.source': 'memory' })).toBe(1)
    expect(counted('behalf.keys.issuers', { 'behalf.state': 'missing' })).toBe(1)
    expect(counted('behalf.hook.exchange.duration', { 'behalf.decision': 'unchanged' })).toBe(1)
  })
})

test("Okta's request id leads from API A's error to the hook's record and to both spans", async () => {
  const { telemetry, spans } = collectTelemetry()
  const { client, assertion, records, clientId } = await startWorld(telemetry, {
    policy: () => ({ decision: 'forbid' }),
  })
  const error = await client
    .acquireToken({ assertion, scopes: ['orders:read'] })
    .catch((reason: unknown) => Object(reason))
  expect(error).toMatchObject({ code: 'policy_denied', requestId: expect.stringMatching(/^[\w-]+$/) })
  expect(records).toEqual([
    expect.objectContaining({ requestId: error.requestId, decisionId: error.decisionId }),
  ])
  for (const name of ['behalf.client.exchange', 'behalf.hook.exchange'])
    expect(spans().find((span) => span.name === name)?.attributes).toMatchObject({
      'okta.request.id': error.requestId,
      'behalf.decision.id': error.decisionId,
      'behalf.client.id': clientId,
      'behalf.code': 'policy_denied',
    })
})

test('kinds of tokens are called as the verifier calls them', () => {
  const kinds: readonly TokenKind[] = attributes['behalf.token.kind'].values
  expect(kinds).toHaveLength(5)
})
