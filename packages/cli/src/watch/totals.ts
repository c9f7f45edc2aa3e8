import type { Telemetry } from '@behalf/core'
import type { Look } from './log-watch.ts'
import type { Sighting } from './sighting.ts'

/** Counts what was seen, for whoever asks in the end or collects metrics meanwhile. */
export class Totals {
  readonly #counts = new Map<Sighting['kind'], number>()

  constructor(telemetry: Telemetry | undefined) {
    telemetry?.observe('behalf.watch.sightings', () =>
      (['failed_call', 'plain_token', 'rule_without_hook'] as const).map((kind) => ({
        value: this.#counts.get(kind) ?? 0,
        attributes: { 'behalf.sighting': kind },
      })),
    )
  }

  add({ sightings }: Look): void {
    for (const { kind } of sightings) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
  }

  /** Whether anything was seen. */
  get any(): boolean {
    return this.#counts.size > 0
  }
}
