import type { DocumentFetch } from '@behalf/core'
import type { Hook, HookRequest } from '@behalf/hook'

/** Tells whether somebody holds a call of a number, and will not answer it unless time passes. */
export type Holds = (call: string) => boolean

/**
 * Knows what a hook is about, so that time passes only when nothing else can happen: every request under way has come in,
 * and of every call that the hook makes it is known that somebody holds it.
 */
export class Activity {
  readonly #holds: Holds
  readonly #calls = new Set<string>()
  #requests = 0
  #incoming = 0
  #numbered = 0
  #idle: PromiseWithResolvers<void> | undefined

  constructor(holds: Holds) {
    this.#holds = holds
  }

  /** To be told when somebody begins or ceases to hold a call. */
  changed(): void {
    // What has just happened is gone into before, in this turn of the event loop and in the next.
    setImmediate(() => setImmediate(() => this.#check()))
  }

  /** Resolves when nothing more happens without time passing. */
  idle(): Promise<void> {
    this.#idle ??= Promise.withResolvers()
    this.changed()
    return this.#idle.promise
  }

  /** The same hook, whose requests are known of. */
  watch(hook: Hook): Hook {
    return { ...hook, handle: (request) => this.#follow(hook, request) }
  }

  /** The same `fetch`, whose calls are numbered in the header `x-call`, and known of until their answers were read. */
  watchCalls(fetch: DocumentFetch): DocumentFetch {
    return async (url, init) => {
      const call = String(this.#numbered++)
      const end = (): void => {
        this.#calls.delete(call)
        this.changed()
      }
      this.#calls.add(call)
      try {
        const headers = { ...init.headers, 'x-call': call }
        const { status, body } = await fetch(url, { ...init, headers })
        if (body === null) end()
        return { status, body: body === null ? null : watchBody(body, end) }
      } catch (error) {
        end()
        throw error
      }
    }
  }

  async #follow(hook: Hook, request: HookRequest): ReturnType<Hook['handle']> {
    const { body } = request
    this.#requests++
    try {
      if (typeof body === 'string') return await hook.handle(request)
      return await hook.handle({
        ...request,
        body: async (space) => {
          this.#incoming++
          try {
            return await body(space)
          } finally {
            this.#incoming--
            this.changed()
          }
        },
      })
    } finally {
      this.#requests--
      this.changed()
    }
  }

  #check(): void {
    if (this.#requests === 0 || this.#incoming > 0 || ![...this.#calls].every(this.#holds)) return
    this.#idle?.resolve()
    this.#idle = undefined
  }
}

type Body = NonNullable<Awaited<ReturnType<DocumentFetch>>['body']>

function watchBody(body: Body, end: () => void): Body {
  const cancel = async (): Promise<void> => {
    end()
    await body.cancel()
  }
  return {
    cancel,
    getReader() {
      const reader = body.getReader()
      return {
        async read() {
          try {
            const chunk = await reader.read()
            if (chunk.done) end()
            return chunk
          } catch (error) {
            end()
            throw error
          }
        },
        async cancel() {
          end()
          await reader.cancel()
        },
      }
    },
  }
}
