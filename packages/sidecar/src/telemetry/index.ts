/**
 * Spans and metrics of the sidecar by OpenTelemetry: docs/telemetry.md.
 *
 * @module
 */
export { type OpenTelemetryOptions, openTelemetry, type Telemetry } from '@behalf/core/telemetry'
