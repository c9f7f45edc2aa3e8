import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { User } from './user.ts'

/** A person's session with the org, which the browser's cookie `sid` stands for. */
export interface OrgSession {
  readonly id: string
  readonly userId: string
  readonly amr: readonly string[]
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

const lifetimeMs = 2 * 60 * 60 * 1000
const keptSessions = 10_000

/** The sessions of an org; the oldest go when there are many. */
export class Sessions {
  readonly #clock: Clock
  readonly #sessions = new Map<string, OrgSession>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Begins a session and returns its id, which is the cookie's value. */
  begin({ id: userId }: User, amr: readonly string[]): string {
    const id = `102${randomBytes(24).toString('base64url')}`
    const createdAt = this.#clock.now()
    this.#sessions.set(id, { id, userId, amr, createdAt, expiresAt: createdAt + lifetimeMs })
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= keptSessions) break
      this.#sessions.delete(oldest)
    }
    return id
  }

  /** The session that has not ended. */
  find(id: string): OrgSession | undefined {
    const found = this.#sessions.get(id)
    return found !== undefined && found.expiresAt > this.#clock.now() ? found : undefined
  }

  /** Ends a session. */
  end(id: string): void {
    this.#sessions.delete(id)
  }

  /** Ends all sessions of a person. */
  endAllOf(userId: string): void {
    for (const [id, session] of this.#sessions) if (session.userId === userId) this.#sessions.delete(id)
  }

  /** Ends all sessions. */
  clear(): void {
    this.#sessions.clear()
  }
}
