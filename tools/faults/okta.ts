import { Agent, request } from 'node:http'
import { hookEvent } from '@behalf/testing'
import { applyCommands } from '../../packages/sandbox/src/inline-hook/patch.ts'

export const secret = 'hook-secret-0123456789'
export const deadlineMs = 2_000
/** What the machine that measures may add to an answer at the deadline. */
export const allowanceMs = 300
/** How long Okta waits. */
const oktaTimeoutMs = 3_000

/** What a caller asks the hook, and who the user is if it may be granted. */
export interface Question {
  readonly assertion?: string
  /** The user that a delegated token may name; without one any delegated token is a false grant. */
  readonly user?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is in place of an exchange with the assertion. */
  readonly body?: string
}

/** What Okta would have made of the answer. */
export interface Result {
  /** A delegated token, no token, or the plain token that Okta issues when anything is wrong with the hook. */
  readonly outcome: 'delegated' | 'refused' | 'plain'
  /** The denial's code, or what was wrong. */
  readonly code: string
  readonly elapsedMs: number
}

/** The four figures that must be zero whatever happens, and requests that got no answer at all. */
export interface Breaches {
  falseGrants: number
  not200: number
  inapplicable: number
  late: number
  unanswered: number
}

/** Asks a hook as Okta does, and keeps account of what came of it. */
export class Okta {
  readonly results: Result[] = []
  readonly breaches: Breaches = { falseGrants: 0, not200: 0, inapplicable: 0, late: 0, unanswered: 0 }
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 4_096 })
  readonly #url: string

  constructor(origin: string) {
    this.#url = `${origin}/inline-hook`
  }

  async ask(question: Question): Promise<Result> {
    const event = hookEvent(question.assertion === undefined ? {} : { assertion: question.assertion })
    const startedAt = performance.now()
    const answer = await this.#post(question.body ?? JSON.stringify(event), question.headers ?? {})
    const elapsedMs = performance.now() - startedAt
    return this.record(question, answer, elapsedMs)
  }

  /** Judges an answer that was obtained in another way. */
  record(question: Question, answer: Answer | Error, elapsedMs: number): Result {
    const { access } = hookEvent().data
    const result: Result = { ...this.#judge(answer, access, question.user), elapsedMs }
    if (elapsedMs > deadlineMs + allowanceMs) this.breaches.late++
    this.results.push(result)
    return result
  }

  close(): void {
    this.#agent.destroy()
  }

  #judge(
    answer: Answer | Error,
    { claims, token }: { claims: Record<string, unknown>; token: { lifetime: { expiration: number } } },
    user: string | undefined,
  ): Pick<Result, 'outcome' | 'code'> {
    if (answer instanceof Error) {
      this.breaches.unanswered++
      return { outcome: 'plain', code: `no answer: ${answer.message}` }
    }
    if (answer.status !== 200) {
      this.breaches.not200++
      return { outcome: 'plain', code: `status ${answer.status}` }
    }
    const { error, commands, debugContext } = JSON.parse(answer.body)
    if (error !== undefined) return { outcome: 'refused', code: debugContext.code }
    const lifetimeSeconds = token.lifetime.expiration
    const draft = { access: { claims: JSON.parse(JSON.stringify(claims)), lifetimeSeconds } }
    const patched = applyCommands(commands, draft)
    if (!patched.applied || commands.length === 0) {
      this.breaches.inapplicable++
      return { outcome: 'plain', code: patched.applied ? 'no commands' : patched.reason }
    }
    const { sub, act } = patched.tokens.access.claims
    const actor = typeof act === 'object' && act !== null && 'sub' in act ? act['sub'] : undefined
    const tooLong = patched.tokens.access.lifetimeSeconds > lifetimeSeconds
    if (user === undefined || sub !== user || actor !== claims['cid'] || tooLong) this.breaches.falseGrants++
    return { outcome: 'delegated', code: 'permit' }
  }

  #post(body: string, headers: Readonly<Record<string, string>>): Promise<Answer | Error> {
    return new Promise((resolve) => {
      const outgoing = request(
        this.#url,
        {
          method: 'POST',
          agent: this.#agent,
          timeout: oktaTimeoutMs,
          headers: { authorization: secret, 'content-type': 'application/json', ...headers },
        },
        (response) => {
          response.toArray().then(
            (chunks) => resolve({ status: response.statusCode ?? 0, body: chunks.join('') }),
            (error: unknown) => resolve(error instanceof Error ? error : new Error('the answer broke off')),
          )
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error('time-out')))
      outgoing.on('error', resolve)
      outgoing.end(body)
    })
  }
}

/** An answer of the hook. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** The value below which a share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
}
