import {
  type Attributes,
  context,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
  type ObservableResult,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { assertOptions, type OptionRules } from '../options/option-faults.ts'
import { anObjectWithMethods } from '../options/option-rules.ts'
import { version } from '../version.ts'
import {
  type AttributeName,
  type OperationName,
  type OperationRow,
  operations,
  type QuantityName,
  type QuantityRow,
  quantities,
} from './signals.ts'
import type { Observation, Operation, Telemetry } from './telemetry.ts'

/** Where {@link openTelemetry} sends spans and metrics. */
export interface OpenTelemetryOptions {
  /** Default the one that is registered globally, whenever that is. */
  readonly tracerProvider?: TracerProvider
  /** Default the one that is registered globally, whenever that is. */
  readonly meterProvider?: MeterProvider
}

const rules: OptionRules<keyof OpenTelemetryOptions> = {
  tracerProvider: anObjectWithMethods('a TracerProvider', 'getTracer'),
  meterProvider: anObjectWithMethods('a MeterProvider', 'getMeter'),
}

/** In seconds; fine below what Okta's own time-out of 3 s leaves. */
const durationBoundaries = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 10,
]
const spanKinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const

/**
 * Sends spans and metrics to OpenTelemetry, under the scope `@behalf/core`: which ones is in docs/telemetry.md. It brings no
 * SDK and exports nothing; without one it does next to nothing. Make one, and give it to hook, client, verifier and
 * sidecar: quantities of several parties are added up in it.
 *
 * @throws TypeError - when options are unknown or unusable
 *
 * @example
 * ```ts
 * import { configFromEnvironment, createHook } from '@behalf/hook'
 * import { openTelemetry } from '@behalf/hook/telemetry'
 *
 * const hook = createHook(configFromEnvironment(process.env), { telemetry: openTelemetry() })
 * ```
 * @see https://opentelemetry.io/docs/languages/js/
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  assertOptions('openTelemetry', options, rules)
  const { tracerProvider = trace, meterProvider = metrics } = options
  const tracer = tracerProvider.getTracer(scope, version)
  const instruments = new Instruments(meterProvider)

  return {
    begin(name, begun = {}, sinceMs = 0): Operation {
      const row: OperationRow = operations[name]
      const startedAt = performance.now() - sinceMs
      const title = row.titledBy === undefined ? undefined : Reflect.get(begun, row.titledBy)
      const span = tracer.startSpan(title === undefined ? name : `${name} ${title}`, {
        kind: spanKinds[row.kind],
        attributes: pick(begun, [...row.attributes, ...row.details]),
        ...(sinceMs > 0 ? { startTime: Date.now() - sinceMs } : {}),
      })
      const inside = trace.setSpan(context.active(), span)
      return {
        within: (work) => context.with(inside, work),
        end({ attributes, failed = false }) {
          const all = { ...begun, ...attributes }
          span.setAttributes(pick(all, [...row.attributes, ...row.details]))
          if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
          const seconds = (performance.now() - startedAt) / 1000
          instruments.duration(name).record(seconds, pick(all, row.attributes), inside)
        },
      }
    },
    observe(name, read) {
      instruments.observe(name, read)
    },
  }
}

const scope = '@behalf/core'

/** The instruments of a meter, anew when another provider is registered: the first one may come after hook and clients. */
class Instruments {
  readonly #provider: MeterProvider
  readonly #readers = new Map<QuantityName, (() => readonly Observation[])[]>()
  #meter: Meter | undefined
  #known: MeterProvider | undefined
  #durations = new Map<OperationName, Histogram>()

  constructor(provider: MeterProvider) {
    this.#provider = provider
  }

  duration(name: OperationName): Histogram {
    const meter = this.#current()
    const made = this.#durations.get(name)
    if (made !== undefined) return made
    const histogram = meter.createHistogram(`${name}.duration`, {
      description: operations[name].about,
      unit: 's',
      advice: { explicitBucketBoundaries: durationBoundaries },
    })
    this.#durations.set(name, histogram)
    return histogram
  }

  observe(name: QuantityName, read: () => readonly Observation[]): void {
    const meter = this.#current()
    const readers = this.#readers.get(name)
    if (readers !== undefined) {
      readers.push(read)
      return
    }
    this.#readers.set(name, [read])
    this.#register(meter, name)
  }

  #current(): Meter {
    const provider = isGlobal(this.#provider) ? this.#provider.getMeterProvider() : this.#provider
    if (this.#meter !== undefined && provider === this.#known) return this.#meter
    this.#known = provider
    const meter = provider.getMeter(scope, version)
    this.#meter = meter
    this.#durations = new Map()
    for (const name of this.#readers.keys()) this.#register(meter, name)
    return meter
  }

  #register(meter: Meter, name: QuantityName): void {
    const row: QuantityRow = quantities[name]
    const options = { description: row.about, unit: row.unit }
    const instrument =
      row.kind === 'counter'
        ? meter.createObservableCounter(name, options)
        : meter.createObservableUpDownCounter(name, options)
    instrument.addCallback((result: ObservableResult) => {
      for (const { value, attributes } of this.#sum(name, row)) result.observe(value, attributes)
    })
  }

  /** What several parties say of the same is added up, because OpenTelemetry keeps the last only. */
  #sum(name: QuantityName, { attributes }: QuantityRow): Iterable<{ value: number; attributes: Attributes }> {
    const sums = new Map<string, { value: number; attributes: Attributes }>()
    for (const observation of (this.#readers.get(name) ?? []).flatMap((read) => read())) {
      const picked = pick(observation.attributes, attributes)
      const key = JSON.stringify(picked)
      const { value } = sums.get(key) ?? { value: 0 }
      sums.set(key, { value: value + observation.value, attributes: picked })
    }
    return sums.values()
  }
}

function isGlobal(provider: MeterProvider): provider is typeof metrics {
  return provider === metrics
}

/** The attributes that a row names, in its order, and no others. */
function pick(given: object, names: readonly AttributeName[]): Attributes {
  const picked: Attributes = {}
  for (const name of names) {
    const value: unknown = Reflect.get(given, name)
    if (typeof value === 'string' || typeof value === 'number') picked[name] = value
  }
  return picked
}
