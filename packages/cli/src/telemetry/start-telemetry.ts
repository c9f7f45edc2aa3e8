import type { Clock, Telemetry } from '@behalf/core'
import { waitFor } from '@behalf/core/internal'
import type { Terminal } from '../terminal/command.ts'
import { UsageError } from '../terminal/command.ts'
import { type MetricsServer, metricsPackages, startMetricsServer } from './metrics-server.ts'
import { loadOptional } from './optional-package.ts'

/** What a server is asked to tell, and as whom. */
export interface TelemetryWish {
  /** What OpenTelemetry calls the service, unless its variables say. */
  readonly serviceName: string
  /** Where Prometheus finds metrics; undefined: nowhere. */
  readonly metricsPort: number | undefined
  readonly host: string
}

/** Telemetry that is exported. */
export interface RunningTelemetry {
  readonly telemetry: Telemetry
  /** Where metrics are for Prometheus. */
  readonly metricsUrl: string | undefined
  /** Sends what is left, within five seconds. */
  stop(): Promise<void>
}

const sdkPackages = {
  neededFor: 'OTLP, which OTEL_… asks for,',
  all: ['@opentelemetry/api', '@opentelemetry/sdk-node'],
} as const
const shutdownTimeoutMs = 5_000

/**
 * Exports spans and metrics as OpenTelemetry's own variables say, and metrics for Prometheus on a port; undefined where
 * neither is asked for, and then nothing of OpenTelemetry is loaded. Providers are registered for the whole process, so that
 * what a configuration file makes with `openTelemetry()` goes there, too.
 *
 * @throws UsageError when metrics would have to go to two places
 * @throws CommandError that says what to install
 * @throws the server's error when it cannot listen, e.g. `EADDRINUSE`
 */
export async function startTelemetry(
  { serviceName, metricsPort, host }: TelemetryWish,
  { env, clock }: Pick<Terminal, 'env' | 'clock'>,
): Promise<RunningTelemetry | undefined> {
  const exports = asksForExport(env)
  if (!exports && metricsPort === undefined) return undefined
  if (
    metricsPort !== undefined &&
    !['prometheus', 'none', undefined, ''].includes(env['OTEL_METRICS_EXPORTER'])
  )
    throw new UsageError('metrics go to one place: --metrics-port or OTEL_METRICS_EXPORTER')
  const { openTelemetry } = await loadOptional(
    '@opentelemetry/api',
    () => import('@behalf/core/telemetry'),
    exports ? sdkPackages : metricsPackages,
  )
  const metrics = metricsPort === undefined ? undefined : await startMetricsServer(metricsPort, host)
  const shutdown = exports
    ? await startSdk(isNamed(env) ? undefined : serviceName, metrics)
    : await collectOnly(metrics)
  return {
    telemetry: openTelemetry(),
    metricsUrl: metrics?.url,
    stop: () => stopAll(shutdown, metrics, clock),
  }
}

/** What hook and sidecar are given of it. */
export function tellingTo(exported: RunningTelemetry | undefined): { readonly telemetry?: Telemetry } {
  return exported === undefined ? {} : { telemetry: exported.telemetry }
}

/** Whether OpenTelemetry's variables name an exporter or where one sends to. */
function asksForExport(env: Terminal['env']): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false
  return Object.entries(env).some(
    ([name, value]) =>
      value && /^OTEL_(?:EXPORTER_OTLP_(?:\w+_)?ENDPOINT|(?:TRACES|METRICS)_EXPORTER)$/.test(name),
  )
}

function isNamed(env: Terminal['env']): boolean {
  return (
    (env['OTEL_SERVICE_NAME'] ?? '') !== '' ||
    /(?:^|,)\s*service\.name=/.test(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '')
  )
}

/** The SDK reads everything else from the variables itself. */
async function startSdk(
  serviceName: string | undefined,
  metrics: MetricsServer | undefined,
): Promise<() => Promise<void>> {
  const { NodeSDK } = await loadOptional(
    '@opentelemetry/sdk-node',
    () => import('@opentelemetry/sdk-node'),
    sdkPackages,
  )
  const sdk = new NodeSDK({
    ...(serviceName === undefined ? {} : { serviceName }),
    ...(metrics === undefined ? {} : { metricReaders: [metrics.reader] }),
  })
  sdk.start()
  return () => sdk.shutdown()
}

async function collectOnly(server: MetricsServer | undefined): Promise<() => Promise<void>> {
  if (server === undefined) return async () => undefined
  const load = { ...metricsPackages }
  const { MeterProvider } = await loadOptional(
    '@opentelemetry/sdk-metrics',
    () => import('@opentelemetry/sdk-metrics'),
    load,
  )
  const { metrics } = await loadOptional('@opentelemetry/api', () => import('@opentelemetry/api'), load)
  const provider = new MeterProvider({ readers: [server.reader] })
  metrics.setGlobalMeterProvider(provider)
  return async () => {
    metrics.disable()
    await provider.shutdown()
  }
}

async function stopAll(
  shutdown: () => Promise<void>,
  metrics: MetricsServer | undefined,
  clock: Clock,
): Promise<void> {
  // An endpoint that is gone says so itself, and must not keep the process.
  const sent = Promise.allSettled([shutdown(), metrics?.stop()])
  await waitFor(sent, { clock, timeoutMs: shutdownTimeoutMs })
}
