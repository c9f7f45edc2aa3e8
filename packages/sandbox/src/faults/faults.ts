import type { Fault } from './fault.ts'

/** A fault that is in force. */
export interface ActiveFault {
  readonly id: string
  readonly fault: Fault
}

/** The faults that are in force in an org. */
export class Faults {
  #count = 0
  readonly #active = new Map<string, Fault>()

  /** In the order in which they were injected. */
  get active(): readonly ActiveFault[] {
    return [...this.#active].map(([id, fault]) => ({ id, fault }))
  }

  /** Brings a fault about and returns its id. */
  inject(fault: Fault): string {
    const id = `fault-${++this.#count}`
    this.#active.set(id, fault)
    return id
  }

  /** Ends one fault, or all; returns those that have ended. */
  clear(id?: string): readonly Fault[] {
    const ended = this.active.filter((entry) => id === undefined || entry.id === id)
    for (const entry of ended) this.#active.delete(entry.id)
    return ended.map(({ fault }) => fault)
  }

  /** The last fault of a kind that is in force. */
  find<Kind extends Fault['kind']>(kind: Kind): Extract<Fault, { kind: Kind }> | undefined {
    const found = this.active.findLast(({ fault }) => fault.kind === kind)?.fault
    // The kind was compared just above, which the compiler does not carry over to the union.
    return found as Extract<Fault, { kind: Kind }> | undefined
  }

  /** Whether a fault like this one is in force, its parameters included. */
  has(wanted: Fault): boolean {
    return [...this.#active.values()].some((fault) =>
      Object.entries(wanted).every(([name, value]) =>
        Object.entries(fault).some(([n, v]) => n === name && v === value),
      ),
    )
  }
}
