/**
 * Spans and metrics by OpenTelemetry, whose API is an optional peer that nothing else here needs.
 *
 * @module
 */
export { type OpenTelemetryOptions, openTelemetry } from './open-telemetry.ts'
export type {
  Attributes,
  Ending,
  Observation,
  Operation,
  OperationAttributes,
  Telemetry,
} from './telemetry.ts'
