import { clientSecretBasic, createClient } from '@behalf/client'
import { openTelemetry } from '@behalf/core/telemetry'
import { createSandbox, defaultApiToken, defaultOrg } from '@behalf/sandbox'
import { oneServer } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { startMetricsServer } from '../../../packages/cli/src/telemetry/metrics-server.ts'
import { BehalfProcess, folderWith } from '../../../packages/cli/test/behalf-process.ts'
import { freePort } from '../../free-port.ts'
import { Prometheus } from './prometheus.ts'

const [, apiA] = defaultOrg.apps
const secret = 'hook-secret-0123456789'
const clientSecret = 'api-a-secret-for-the-sandbox-only'

/** How an installation is not as it should be. */
export interface Flaws {
  /** What Okta sends in place of the secret. */
  readonly secretAtOkta?: string
  /** The issuer that the hook is told, in place of the org's. */
  readonly issuer?: string
  /** The configuration of the hook, in place of its environment: a module, of which `ISSUER` is set. */
  readonly config?: string
  /** The clients of a second instance of the hook. */
  readonly otherClients?: string
}

/** An org, the hook, API A, API B and `behalf watch`, with Prometheus beside them. */
export interface Installation extends AsyncDisposable {
  readonly prometheus: Prometheus
  readonly hook: BehalfProcess
  /** API A obtains a token and calls API B with it; whatever comes of it. */
  call(): Promise<void>
  /** API B is called with a token that Okta issues to API A itself. */
  callPlainly(): Promise<void>
}

/** Starts all of it, each with its metrics at a port of its own. */
export async function startInstallation(flaws: Flaws = {}): Promise<Installation> {
  const stack = new AsyncDisposableStack()
  const port = await freePort()
  const sandbox = await createSandbox({
    ...oneServer,
    hook: { uri: `http://127.0.0.1:${port}/inline-hook`, secret: flaws.secretAtOkta ?? secret },
    hookTimeoutMs: 1_000,
  })
  stack.defer(() => sandbox.close())
  const issuer = sandbox.servers[0]?.issuer ?? ''
  const folder = await folderWith(flaws.config === undefined ? {} : { 'behalf.config.ts': flaws.config })
  stack.defer(() => folder[Symbol.asyncDispose]())
  const startHook = (on: number, clients: string): BehalfProcess =>
    stack.use(
      new BehalfProcess(['serve', '--port', String(on), '--metrics-port', '0', '--drain-delay', '0'], {
        cwd: folder.path,
        env: {
          ISSUER: flaws.issuer ?? issuer,
          AUDIENCE: 'api://default',
          HOOK_SECRET: secret,
          CLIENT_IDS: clients,
        },
      }),
    )
  const hook = startHook(port, apiA.clientId)
  const second = flaws.otherClients === undefined ? [] : [startHook(0, flaws.otherClients)]
  const watch = stack.use(
    new BehalfProcess(
      ['watch', '--issuer', issuer, '--client', apiA.clientId, '--every', '1', '--metrics-port', '0'],
      { env: { OKTA_ORG_URL: sandbox.url, OKTA_API_TOKEN: defaultApiToken } },
    ),
  )
  const [ofA, ofB] = [await ownMetrics(stack), await ownMetrics(stack)]
  const client = createClient({
    issuer,
    clientId: apiA.clientId,
    auth: clientSecretBasic(clientSecret),
    telemetry: ofA.telemetry,
  })
  const verifier = createVerifier({ issuer, audience: 'api://default', telemetry: ofB.telemetry })
  const assertion = await sandbox.userToken({ login: 'alice@example.com' })
  const placeOf = async (running: BehalfProcess): Promise<string> =>
    new URL(/http:\S+/.exec(await running.line(/metrics at/))?.[0] ?? '').host
  const prometheus = stack.use(
    await Prometheus.start({
      'behalf-hook': await Promise.all([hook, ...second].map(placeOf)),
      'behalf-watch': [await placeOf(watch)],
      'api-a': [ofA.place],
      'api-b': [ofB.place],
    }),
  )
  // What counts from nothing must have been seen at nothing.
  await prometheus.firing()
  const forget = (): void => undefined
  return {
    prometheus,
    hook,
    call: () =>
      client
        .acquireToken({ assertion, scopes: ['orders:read'], skipCache: true })
        .then(({ accessToken }) => verifier.verify(accessToken))
        .then(forget, forget),
    async callPlainly() {
      const response = await fetch(`${issuer}/v1/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`${apiA.clientId}:${clientSecret}`)}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials&scope=orders:read',
      })
      const { access_token: token } = Object(await response.json())
      await verifier.verify(token).then(forget, forget)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Telemetry of one API, at a port of its own. */
async function ownMetrics(stack: AsyncDisposableStack) {
  const server = await startMetricsServer(0, '127.0.0.1')
  stack.defer(() => server.stop())
  const telemetry = openTelemetry({ meterProvider: new MeterProvider({ readers: [server.reader] }) })
  return { telemetry, place: new URL(server.url).host }
}
