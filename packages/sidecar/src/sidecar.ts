import type { Clock, Result, Telemetry } from '@behalf/core'
import { systemClock } from '@behalf/core'
import {
  aClock,
  aName,
  anObject,
  asOperation,
  aTelemetry,
  aWholeNumber,
  findOptionFaults,
  harmless,
  isLoopback,
  isObject,
  type OperationOf,
  type OptionRule,
  type OptionRules,
  refuseOptions,
} from '@behalf/core/internal'
import type { HttpAnswer, HttpCall } from './http/call.ts'
import { type RunningServer, type ServerTls, startServer } from './server/node-server.ts'
import { describeTokenEndpoint, metadataPath } from './token-endpoint/metadata.ts'
import {
  findTokenEndpointFaults,
  resolveTokenEndpointOptions,
  type TokenEndpointOptions,
} from './token-endpoint/options.ts'
import { createTokenExchange } from './token-endpoint/token-exchange.ts'
import { createAccessCheck, verifyPath } from './verify-endpoint/access-check.ts'
import { findVerifyEndpointFaults, type VerifyEndpointOptions } from './verify-endpoint/options.ts'

/** What a sidecar does, and where: one endpoint or both. */
export interface SidecarConfig {
  /** The token endpoint, `POST /token`. Default none. */
  readonly token?: TokenEndpointOptions
  /** The verify endpoint, `/verify`. Default none. */
  readonly verify?: VerifyEndpointOptions
  /** The port to listen on; 0 takes a free one. 0 to 65 535. Default 0. */
  readonly port?: number
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** Its certificates. Default plain http, for loopback and where a mesh encrypts. */
  readonly tls?: ServerTls
  /**
   * For how long a stop keeps serving after `/readyz` has turned to 503, so that load balancers send their requests
   * elsewhere before connections are refused. 0 to 600 000. Default 2 000.
   */
  readonly drainDelayMs?: number
  /** How long requests that are under way after that may take to finish. 0 to 600 000. Default 15 000. */
  readonly drainTimeoutMs?: number
  /** What tells the time. Default the system's clock. */
  readonly clock?: Clock
  /**
   * Where spans and metrics of requests go: `openTelemetry()` of `@behalf/sidecar/telemetry`; clients and verifiers take it,
   * too: docs/telemetry.md. Default nowhere.
   */
  readonly telemetry?: Telemetry
}

const aPem: OptionRule = {
  required: true,
  expected: 'PEM, as text or bytes',
  holds: (value) => (typeof value === 'string' || value instanceof Uint8Array) && value.length > 0,
}
const { required: _, ...optionalPem } = aPem
const tlsRules: OptionRules<keyof ServerTls> = { cert: aPem, key: aPem, clientCa: optionalPem }
const anEndpoint: OptionRule = { expected: 'the options of the endpoint', holds: isObject }

/** What {@link SidecarConfig} must be, as far as it can be said one by one. */
export const sidecarRules: OptionRules<keyof SidecarConfig> = {
  token: anEndpoint,
  verify: anEndpoint,
  port: aWholeNumber(0, 65_535),
  host: aName,
  tls: anObject(tlsRules),
  drainDelayMs: aWholeNumber(0, 600_000),
  drainTimeoutMs: aWholeNumber(0, 600_000),
  clock: aClock,
  telemetry: aTelemetry,
}

/** Returns its argument; for editors, which then know what a configuration may hold. */
export function defineSidecar(config: SidecarConfig): SidecarConfig {
  return config
}

/**
 * Starts a sidecar: `POST /token` and `/verify`, as far as they are configured, `GET /healthz` (200 while it runs) and
 * `GET /readyz` (200 once the keys of every verifier were loaded, until it is stopped; 503 otherwise). It listens to no
 * signal.
 *
 * @throws TypeError - when the configuration is unusable: it lists every fault; among them callers without credentials
 * on an address that others than this machine reach
 * @throws the server's error when it cannot listen, e.g. `EADDRINUSE`
 *
 * @example
 * ```ts
 * import { sidecarFromEnvironment, startSidecar } from '@behalf/sidecar'
 *
 * const running = await startSidecar({ ...sidecarFromEnvironment(process.env), port: 8081 })
 * process.once('SIGTERM', () => void running.stop())
 * ```
 */
export async function startSidecar(config: SidecarConfig): Promise<RunningServer> {
  refuseOptions('startSidecar', findFaults(config))
  const { token, verify, port = 0, host = '127.0.0.1', tls, clock = systemClock } = config
  const exchange = token && createTokenExchange(resolveTokenEndpointOptions(token, true))
  const metadata = token?.baseUrl && describeTokenEndpoint(token.baseUrl, token.callers)
  const check = verify && createAccessCheck(verify)
  const isEnvoy = verify?.proxy === 'envoy'
  const verifiers = [token?.verifier, token?.actorVerifier, verify?.verifier].filter(
    (verifier) => verifier !== undefined,
  )

  const telemetry = harmless(config.telemetry)
  const ofToken = requestTo('token')
  const ofVerify = requestTo('verify')

  const answer = (path: string, call: HttpCall): Promise<HttpAnswer> | undefined => {
    if (path === '/token') return exchange && asOperation(telemetry, ofToken, () => exchange(call))
    if (path === verifyPath || (isEnvoy && path.startsWith(`${verifyPath}/`)))
      return check && asOperation(telemetry, ofVerify, () => check(call))
    if (path === metadataPath && metadata && call.method === 'GET') return answerJson(metadata)
    return undefined
  }
  const isReady = (): boolean => {
    const waiting = verifiers.filter((verifier) => !verifier.keyStatus().ready)
    // Without requests nothing else would fetch keys, and without them no requests would come.
    for (const verifier of waiting) void verifier.loadKeys({ mayFail: true })
    return waiting.length === 0
  }
  isReady()
  return startServer({
    answer,
    isReady,
    port,
    host,
    tls,
    clock,
    drainDelayMs: config.drainDelayMs ?? 2_000,
    drainTimeoutMs: config.drainTimeoutMs ?? 15_000,
  })
}

/** The operation that a request to an endpoint is. */
function requestTo(endpoint: 'token' | 'verify'): OperationOf<'behalf.sidecar.request', HttpAnswer> {
  return {
    name: 'behalf.sidecar.request',
    attributes: { 'behalf.endpoint': endpoint },
    describe: (outcome: Result<HttpAnswer, unknown>) =>
      outcome.ok
        ? {
            attributes: { 'http.response.status_code': outcome.value.status },
            failed: outcome.value.status >= 500,
          }
        : { attributes: {}, failed: true },
  }
}

function findFaults(config: SidecarConfig): readonly string[] {
  const faults = [...findOptionFaults(config, sidecarRules)]
  if (!isObject(config)) return faults
  const { token, verify, host = '127.0.0.1', tls } = config
  if (token === undefined && verify === undefined) faults.push('token: expected it or verify, or both')
  if (token !== undefined)
    faults.push(...findTokenEndpointFaults(token, true).map((fault) => `token.${fault}`))
  if (verify !== undefined) faults.push(...findVerifyEndpointFaults(verify).map((fault) => `verify.${fault}`))
  if (token?.callers === 'loopback' && !isLoopback(host.includes(':') ? `[${host}]` : host))
    faults.push(
      'token.callers: expected secrets or certificates where others than this machine can call; or host: 127.0.0.1',
    )
  if (token?.callers === 'certificate' && tls?.clientCa === undefined)
    faults.push(
      'tls.clientCa: missing; expected the authorities of the certificates that callers are to have',
    )
  return faults
}

async function answerJson(body: string): Promise<HttpAnswer> {
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}
