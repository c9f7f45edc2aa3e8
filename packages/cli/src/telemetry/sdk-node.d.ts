/** The little of OpenTelemetry's SDK that is called here; whoever exports by OTLP installs it. */
declare module '@opentelemetry/sdk-node' {
  export class NodeSDK {
    constructor(configuration: { readonly serviceName?: string; readonly metricReaders?: readonly object[] })
    start(): void
    shutdown(): Promise<void>
  }
}
