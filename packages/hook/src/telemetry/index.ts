/**
 * Spans and metrics of the hook by OpenTelemetry: docs/telemetry.md.
 *
 * @module
 */
export {
  type Attributes,
  type Ending,
  type Observation,
  type OpenTelemetryOptions,
  type Operation,
  type OperationAttributes,
  openTelemetry,
  type Telemetry,
} from '@behalf/core/telemetry'
