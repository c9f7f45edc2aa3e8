import { createServer } from 'node:http'
import type { MetricReader } from '@opentelemetry/sdk-metrics'
import { loadOptional } from './optional-package.ts'

/** What `--metrics-port` takes. */
export const metricsPackages = {
  neededFor: '--metrics-port',
  all: ['@opentelemetry/api', '@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus'],
} as const

/** Metrics for Prometheus, on a port of their own. */
export interface MetricsServer {
  /** What collects them. */
  readonly reader: MetricReader
  /** Where they are, e.g. `http://127.0.0.1:9464/metrics`. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Serves metrics for Prometheus at `/metrics` by OpenTelemetry's own exporter.
 *
 * @throws the server's error when it cannot listen, e.g. `EADDRINUSE`
 * @throws CommandError that says what to install
 */
export async function startMetricsServer(port: number, host: string): Promise<MetricsServer> {
  const { PrometheusExporter } = await loadOptional(
    '@opentelemetry/exporter-prometheus',
    () => import('@opentelemetry/exporter-prometheus'),
    metricsPackages,
  )
  const reader = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
  })
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1)
    if (path !== '/metrics') response.writeHead(404).end()
    else if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end()
    else reader.getMetricsRequestHandler(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.unref().listen({ port, host }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port')
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    reader,
    url: `http://${name}:${address.port}/metrics`,
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
