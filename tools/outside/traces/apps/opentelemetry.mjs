import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const exporter = new InMemorySpanExporter()
const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
registerInstrumentations({ instrumentations: [new UndiciInstrumentation()], tracerProvider })

const { serve } = await import('./api-a.mjs')
const refused = await tracerProvider.getTracer('api-a').startActiveSpan('orders', async (span) => {
  const error = await serve()
  span.recordException(error)
  span.end()
  return error
})

await tracerProvider.forceFlush()
const spans = exporter
  .getFinishedSpans()
  .map(({ name, attributes, events, links, status }) => ({ name, attributes, events, links, status }))
console.log(JSON.stringify({ code: refused.code, kept: spans }))
