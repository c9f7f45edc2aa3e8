import type { AttributeName, OperationName, operations, QuantityName, quantities } from './signals.ts'

/** Values by the names of `docs/telemetry.md`; what is undefined is not told. */
export type Attributes<Name extends AttributeName> = { readonly [Each in Name]?: string | number | undefined }

/** What can be said of an operation. */
export type OperationAttributes<Name extends OperationName> = Attributes<
  (typeof operations)[Name]['attributes'][number] | (typeof operations)[Name]['details'][number]
>

/** How an operation ended. */
export interface Ending<Name extends OperationName> {
  readonly attributes: OperationAttributes<Name>
  /** Whether it failed, as opposed to having come to a result that somebody may not like. Default false. */
  readonly failed?: boolean
}

/** An operation that is under way. */
export interface Operation<Name extends OperationName = OperationName> {
  /** Does work whose own operations, and the requests that it makes, belong to this one. Returns what the work does. */
  within<T>(work: () => T): T
  /** Ends it; called once. */
  end(ending: Ending<Name>): void
}

/** How much there is of something. */
export interface Observation<Name extends QuantityName = QuantityName> {
  readonly value: number
  readonly attributes: Attributes<(typeof quantities)[Name]['attributes'][number]>
}

/**
 * Where spans and metrics go: `openTelemetry()`. What they are called and what they say is in one table, `docs/telemetry.md`.
 * Hook, client, verifier and sidecar each take one, and can share it.
 */
export interface Telemetry {
  /**
   * Begins an operation.
   *
   * @param attributes - what is known of it already
   * @param sinceMs - for how long it has been under way. Default 0
   */
  begin<Name extends OperationName>(
    name: Name,
    attributes?: OperationAttributes<Name>,
    sinceMs?: number,
  ): Operation<Name>
  /** Has a quantity looked at whenever metrics are collected. */
  observe<Name extends QuantityName>(name: Name, read: () => readonly Observation<Name>[]): void
}
