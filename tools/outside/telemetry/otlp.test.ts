import { fileURLToPath } from 'node:url'
import { hookEvent, listen, TestIssuer, userClaims } from '@behalf/testing'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { BehalfProcess } from '../../../packages/cli/test/behalf-process.ts'
import { installOnDemand } from '../../on-demand.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const secret = 'hook-secret-0123456789'

beforeAll(() => installOnDemand('tools/outside/telemetry'), 180_000)

/** Receives OTLP over HTTP, as JSON. */
async function startCollector() {
  const received: { readonly path: string; readonly document: object }[] = []
  const server = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        document: Object(JSON.parse(Buffer.concat(chunks).toString())),
      })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  /** Every object below what was received at a path that has these members. */
  const objectsAt = (path: string, ...members: readonly string[]): readonly Record<string, unknown>[] =>
    received.filter((each) => each.path === path).flatMap(({ document }) => objectsIn(document, members))
  return { origin: server.origin, received, objectsAt }
}

function objectsIn(value: unknown, members: readonly string[]): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const found = members.every((member) => member in value) ? [Object(value)] : []
  return [...found, ...Object.values(value).flatMap((member) => objectsIn(member, members))]
}

async function serve(variables: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const issuer = await TestIssuer.start()
  onTestFinished(() => issuer[Symbol.asyncDispose]())
  const hook = new BehalfProcess(['serve', '--port', '0', '--drain-delay', '0', ...args], {
    cwd: here,
    env: {
      ISSUER: issuer.issuer,
      AUDIENCE: 'api://a',
      HOOK_SECRET: secret,
      CLIENT_IDS: '0oaApiA',
      ...variables,
    },
  })
  onTestFinished(() => hook[Symbol.asyncDispose]())
  const url = /http:\S+/.exec(await hook.line(/listens on/))?.[0] ?? ''
  const assertion = issuer.sign(userClaims(Math.floor(Date.now() / 1000)))
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: secret, 'content-type': 'application/json' },
    body: JSON.stringify(hookEvent({ assertion })),
  })
  expect(Object.keys(Object(await response.json()))).toContain('commands')
  return { hook, assertion, issuer }
}

test("serve sends spans and metrics where OpenTelemetry's variables say, all of them before it ends", async () => {
  const collector = await startCollector()
  const { hook, assertion, issuer } = await serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  })
  hook.child.kill('SIGTERM')
  expect(await hook.exitCode()).toBe(0)

  const spans = collector.objectsAt('/v1/traces', 'traceId', 'spanId', 'name')
  const exchange = spans.find(({ name }) => name === 'behalf.hook.exchange')
  expect(exchange).toBeDefined()
  const steps = spans.filter(({ parentSpanId }) => parentSpanId === exchange?.['spanId'])
  expect(steps.map(({ name }) => name)).toContain('behalf.hook.step policy')
  const metrics = collector.objectsAt('/v1/metrics', 'name', 'histogram').map(({ name }) => name)
  expect(metrics).toContain('behalf.hook.exchange.duration')
  const named = collector.objectsAt('/v1/traces', 'key', 'value').find(({ key }) => key === 'service.name')
  expect(named?.['value']).toEqual({ stringValue: 'behalf-hook' })
  const all = JSON.stringify(collector.received)
  for (const part of [...assertion.split('.'), issuer.issuer, 'ann@example.com', secret])
    expect(all).not.toContain(part)
})

test('the service is called as the variables say; with --metrics-port, metrics are there alone', async () => {
  const collector = await startCollector()
  const { hook } = await serve(
    {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.origin}/traces`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_SERVICE_NAME: 'orders-hook',
    },
    ['--metrics-port', '0'],
  )
  const metrics = /http:\S+/.exec(await hook.line(/metrics at/))?.[0] ?? ''
  expect(await (await fetch(metrics)).text()).toMatch(
    /^behalf_hook_exchange_duration_count\{.*permit.*\} 1$/m,
  )
  hook.child.kill('SIGTERM')
  expect(await hook.exitCode()).toBe(0)
  const named = collector.objectsAt('/traces', 'key', 'value').find(({ key }) => key === 'service.name')
  expect(named?.['value']).toEqual({ stringValue: 'orders-hook' })
  expect(collector.received.map(({ path }) => path)).not.toContain('/v1/metrics')
})

test('an endpoint that is gone changes no decision and keeps no process', async () => {
  const { hook } = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  const beganAt = performance.now()
  hook.child.kill('SIGTERM')
  expect(await hook.exitCode()).toBe(0)
  expect(performance.now() - beganAt).toBeLessThan(15_000)
})
