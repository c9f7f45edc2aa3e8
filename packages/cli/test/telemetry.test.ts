import { hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { loadOptional } from '../src/telemetry/optional-package.ts'
import { BehalfProcess } from './behalf-process.ts'

const nowSeconds = (): number => Math.floor(Date.now() / 1000)
const secret = 'hook-secret-0123456789'

async function urlIn(running: BehalfProcess, pattern: RegExp): Promise<string> {
  return /http:\/\/\S+/.exec(await running.line(pattern))?.[0] ?? ''
}

/** The values of a metric, by its labels as they are written. */
async function scrape(url: string, name: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(url)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  return Object.fromEntries(
    lines.map((line) => {
      const [, labels = '', value] = /^\w+(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      return [labels, Number(value)]
    }),
  )
}

describe('behalf serve --metrics-port', () => {
  it('gives Prometheus what the hook counts, at a port of its own and nothing but that', async () => {
    await using issuer = await TestIssuer.start()
    await using hook = new BehalfProcess(
      ['serve', '--port', '0', '--metrics-port', '0', '--drain-delay', '0'],
      {
        env: { ISSUER: issuer.issuer, AUDIENCE: 'api://a', HOOK_SECRET: secret, CLIENT_IDS: '0oaApiA' },
      },
    )
    const [url, metrics] = [await urlIn(hook, /listens on/), await urlIn(hook, /metrics at/)]
    const call = (authorization: string) =>
      fetch(url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(hookEvent({ assertion: issuer.sign(userClaims(nowSeconds())) })),
      })
    await call(secret)
    await call('wrong')

    expect(await scrape(metrics, 'behalf_hook_exchange_duration_count')).toEqual({
      'behalf_decision="permit"': 1,
      'behalf_decision="deny",behalf_code="caller_unauthenticated"': 1,
    })
    expect(await scrape(metrics, 'behalf_hook_hooks')).toMatchObject({ 'behalf_state="ready"': 1 })
    expect(await scrape(metrics, 'behalf_hook_info')).toEqual({
      [`behalf_version="0.1.0",behalf_configuration="${
        Object(await (await fetch(new URL('/healthz', url))).json()).configuration
      }"`]: 1,
    })
    expect((await fetch(new URL('/', metrics))).status).toBe(404)
    expect((await fetch(metrics, { method: 'POST' })).status).toBe(405)
    hook.child.kill('SIGTERM')
    expect(await hook.exitCode()).toBe(0)
  })

  it('says in one sentence that the port is in use', async () => {
    await using issuer = await TestIssuer.start()
    const { port } = new URL(issuer.issuer)
    await using hook = new BehalfProcess(['serve', '--port', '0', '--metrics-port', port], {
      env: { ISSUER: issuer.issuer, AUDIENCE: 'api://a', HOOK_SECRET: secret },
    })
    expect(await hook.exitCode()).toBe(1)
    expect(hook.stderr).toEqual([`behalf serve: port ${port} is in use; choose another with --metrics-port`])
  })
})

describe('behalf sidecar --metrics-port', () => {
  it('gives Prometheus requests and, of what the environment configures, verifications', async () => {
    await using issuer = await TestIssuer.start()
    await using sidecar = new BehalfProcess(
      ['sidecar', '--port', '0', '--metrics-port', '0', '--drain-delay', '0'],
      { env: { DELEGATION_ISSUER: issuer.issuer, PROXY: 'nginx', API_AUDIENCE: 'api://b' } },
    )
    const [url, metrics] = [await urlIn(sidecar, /listens on/), await urlIn(sidecar, /metrics at/)]
    const asked = { 'x-original-method': 'GET', 'x-original-uri': '/orders' }
    expect((await fetch(url, { headers: asked })).status).toBe(401)
    expect(await scrape(metrics, 'behalf_sidecar_request_duration_count')).toEqual({
      'behalf_endpoint="verify",http_response_status_code="401"': 1,
    })
    expect(await scrape(metrics, 'behalf_verify_token_duration_count')).toEqual({
      'behalf_outcome="refused",behalf_code="token_missing"': 1,
    })
    sidecar.child.kill('SIGTERM')
    expect(await sidecar.exitCode()).toBe(0)
  })
})

describe('OTLP', () => {
  const env = { ISSUER: 'http://127.0.0.1:9/oauth2/a', AUDIENCE: 'api://a', HOOK_SECRET: secret }

  it('says what to install where the SDK is missing, before anything is served', async () => {
    await using hook = new BehalfProcess(['serve', '--port', '0'], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    })
    expect(await hook.exitCode()).toBe(1)
    expect([hook.stdout, hook.stderr]).toEqual([
      [],
      [
        "behalf serve: OTLP, which OTEL_… asks for, needs OpenTelemetry's packages, which are not installed: " +
          'npm install @opentelemetry/api @opentelemetry/sdk-node',
      ],
    ])
  })

  it('is not loaded where nothing asks for it', async () => {
    await using hook = new BehalfProcess(['serve', '--port', '0', '--drain-delay', '0'], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' },
    })
    await hook.line(/listens on/)
    hook.child.kill('SIGTERM')
    expect(await hook.exitCode()).toBe(0)
  })

  it('and --metrics-port do not both have the metrics', async () => {
    await using hook = new BehalfProcess(['serve', '--port', '0', '--metrics-port', '0'], {
      env: { ...env, OTEL_METRICS_EXPORTER: 'otlp' },
    })
    expect(await hook.exitCode()).toBe(2)
    expect(hook.stderr[0]).toBe(
      'behalf serve: metrics go to one place: --metrics-port or OTEL_METRICS_EXPORTER',
    )
  })
})

it('a package that fails for another reason than being missing is not taken for one', async () => {
  const broken = new Error('of the package itself')
  await expect(
    loadOptional('x', () => Promise.reject(broken), { neededFor: '--x', all: ['x'] }),
  ).rejects.toBe(broken)
})
