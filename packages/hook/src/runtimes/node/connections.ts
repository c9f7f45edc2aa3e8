/** What is looked at of a connection. */
export interface TrackedConnection {
  /** How much has come in. */
  readonly bytesRead: number
  once(event: 'close', listener: () => void): unknown
}

/** What is known of a connection while no request is under way on it. */
interface Quiet {
  /** What had come in when it fell quiet. */
  readonly bytes: number
  /** The last moment at which nothing had come in since, once something has. */
  quietAtMs: number | undefined
}

/** A request whose headers are complete. */
export interface Begun {
  /** For how long at least some of it has been there, in milliseconds. */
  readonly leastMs: number
  /** For how long at most. */
  readonly mostMs: number
  /** To be called when it was answered. */
  readonly end: () => void
}

/**
 * Knows of every connection which requests are under way on it, and if none is, since when the first bytes of one have
 * been there: Node tells of a request only when its headers are complete, and Okta began to wait before.
 */
export class Connections {
  readonly #quiet = new Map<TrackedConnection, Quiet>()
  readonly #underWay = new Map<TrackedConnection, Set<() => void>>()
  readonly #now: () => number
  #lookedAtMs: number

  /** @param now - milliseconds since any moment, by a clock that nobody sets */
  constructor(now: () => number) {
    this.#now = now
    this.#lookedAtMs = now()
  }

  /** To be told of every new connection. */
  opened(connection: TrackedConnection): void {
    this.#quiet.set(connection, { bytes: 0, quietAtMs: undefined })
    connection.once('close', () => {
      this.#quiet.delete(connection)
      this.#underWay.delete(connection)
    })
  }

  /**
   * To be told of every request when its headers are complete.
   *
   * @param breakOff - called when nothing more of it can be read
   */
  begin(connection: TrackedConnection, breakOff: () => void): Begun {
    const quietAtMs = this.#quiet.get(connection)?.quietAtMs
    this.#quiet.delete(connection)
    const underWay = this.#underWay.get(connection) ?? new Set()
    this.#underWay.set(connection, underWay.add(breakOff))
    const mostMs = this.#now() - (quietAtMs ?? this.#lookedAtMs)
    return {
      leastMs: quietAtMs === undefined ? 0 : mostMs,
      mostMs,
      end: () => this.#end(connection, breakOff),
    }
  }

  /** Whether a request is under way on a connection. */
  isBusy(connection: TrackedConnection): boolean {
    return this.#underWay.has(connection)
  }

  /** Tells the last request that is under way that nothing more of it can be read; false when none is. */
  breakOff(connection: TrackedConnection): boolean {
    const breakOff = [...(this.#underWay.get(connection) ?? [])].at(-1)
    breakOff?.()
    return breakOff !== undefined
  }

  /** To be called again and again: the time that lies between is what is not known of a request's first byte. */
  look(): void {
    for (const [connection, quiet] of this.#quiet) {
      if (quiet.quietAtMs === undefined && connection.bytesRead > quiet.bytes)
        quiet.quietAtMs = this.#lookedAtMs
    }
    this.#lookedAtMs = this.#now()
  }

  #end(connection: TrackedConnection, breakOff: () => void): void {
    const underWay = this.#underWay.get(connection)
    if (underWay?.delete(breakOff) !== true || underWay.size > 0) return
    this.#underWay.delete(connection)
    this.#quiet.set(connection, { bytes: connection.bytesRead, quietAtMs: undefined })
  }
}
