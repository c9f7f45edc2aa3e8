import { clientSecretBasic, createClient } from '@behalf/client'
import type { JsonObject, Telemetry } from '@behalf/core'
import { type BehalfConfig, createHook, type DecisionRecord, type Hook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { createSandbox, defaultApiToken, defaultOrg } from '@behalf/sandbox'
import { startSidecar } from '@behalf/sidecar'
import { oneServer } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { onTestFinished } from 'vitest'

const [, apiA] = defaultOrg.apps
const secret = 'hook-secret-0123456789'
const clientSecret = 'api-a-secret-for-the-sandbox-only'

/** The user of the tests. */
export const login = 'alice@example.com'

/** An org, the hook, API A, API B and a sidecar, all of which send their telemetry to one place. */
export async function startWorld(telemetry: Telemetry, config: Partial<BehalfConfig> = {}) {
  const reaches = { hook: true }
  let target: string | undefined
  const sandbox = await createSandbox({
    ...oneServer,
    hook: { uri: 'http://127.0.0.1:9/inline-hook', secret },
    fetch: (url, init) => fetch((reaches.hook ? target : undefined) ?? url, init),
  })
  onTestFinished(() => sandbox.close())
  const issuer = sandbox.servers[0]?.issuer ?? ''
  const records: DecisionRecord[] = []
  const serve = async (hook: Hook) => {
    const server = await startNodeServer(hook, { drainDelayMs: 0 })
    onTestFinished(() => server.stop())
    target = `${server.origin}/inline-hook`
    return server
  }
  const hook = createHook(
    {
      authenticate: { secrets: [secret] },
      issuers: [{ issuer, audiences: ['api://default'] }],
      clients: { [apiA.clientId]: {} },
      ...config,
    },
    { onDecision: (record) => records.push(record), telemetry },
  )
  const { origin } = await serve(hook)
  const client = createClient({
    issuer,
    clientId: apiA.clientId,
    auth: clientSecretBasic(clientSecret),
    telemetry,
  })
  const verifier = createVerifier({ issuer, audience: 'api://default', telemetry })
  const userVerifier = createVerifier({ issuer, audience: 'api://default', accept: ['user'], telemetry })
  const sidecar = await startSidecar({
    drainDelayMs: 0,
    token: {
      verifier: userVerifier,
      client,
      targets: { 'api://default': { resource: false } },
      callers: 'loopback',
    },
    verify: { proxy: 'nginx', verifier },
    telemetry,
  })
  onTestFinished(() => sidecar.stop())
  return {
    /** The org's management API, as far as `behalf watch` needs it. */
    list: async (path: string): Promise<readonly JsonObject[]> => {
      const headers = { authorization: `SSWS ${defaultApiToken}` }
      return Object(await (await fetch(`${sandbox.url}${path}`, { headers })).json())
    },
    issuer,
    records,
    reaches,
    serve,
    origin,
    client,
    verifier,
    userVerifier,
    sidecar,
    clientId: apiA.clientId,
    assertion: await sandbox.userToken({ login }),
    /** What Okta issues to API A itself, with the hook or without. */
    plainToken: async (): Promise<string> => {
      const response = await fetch(`${issuer}/v1/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`${apiA.clientId}:${clientSecret}`)}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials&scope=orders:read',
      })
      return Object(await response.json()).access_token
    },
  }
}

/** What {@link startWorld} starts. */
export type World = Awaited<ReturnType<typeof startWorld>>
