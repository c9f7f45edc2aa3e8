import { setTimeout as sleep } from 'node:timers/promises'
import { generateSigningKey, type SigningKey, signJwt, TestIssuer, userClaims } from '@behalf/testing'
import { type HookOptions, HookProcess } from './hook-process.ts'
import { Okta, type Question, type Result } from './okta.ts'

/** Generated once, because that takes long. */
export const keys = {
  current: generateSigningKey('key-1'),
  next: generateSigningKey('key-2'),
  foreign: generateSigningKey('key-1'),
} as const

/** With names as long as directories make them, so that what is kept of a request has its real size. */
export const users: readonly string[] = Array.from(
  { length: 50 },
  (_, index) => `user-${index}.${'of-a-department-with-a-long-name.'.repeat(6)}@example.com`,
)

/** What a fault is tried out on: an issuer, a hook in a process of its own, and Okta that asks it. */
export class Stage implements AsyncDisposable {
  readonly issuer: TestIssuer
  readonly hook: HookProcess
  readonly okta: Okta
  /** What was not as it must be. */
  readonly broken: string[] = []

  private constructor(issuer: TestIssuer, hook: HookProcess, okta: Okta) {
    this.issuer = issuer
    this.hook = hook
    this.okta = okta
  }

  /** @param prepare - sets the issuer up before the hook starts */
  static async set(
    options: Omit<HookOptions, 'issuer'> = {},
    prepare: (issuer: TestIssuer) => void = () => undefined,
  ): Promise<Stage> {
    const issuer = await TestIssuer.start([keys.current])
    prepare(issuer)
    const hook = await HookProcess.start({ ...options, issuer: issuer.issuer })
    return new Stage(issuer, hook, new Okta(hook.origin))
  }

  /** A good exchange for one of the users. */
  exchange(index = 0, key: SigningKey = keys.current): Question {
    const user = users[index % users.length] ?? ''
    const claims = userClaims(Math.floor(Date.now() / 1_000), { sub: user, iss: this.issuer.issuer })
    return { assertion: signJwt(key, claims), user }
  }

  /** Good exchanges made ahead, so that signing them takes no time later. */
  exchanges(count: number = users.length): readonly Question[] {
    return Array.from({ length: count }, (_, index) => this.exchange(index))
  }

  /** Asks at a steady rate, whatever the answers, and waits for the last of them. */
  async load(perSecond: number, durationMs: number, next: (index: number) => Question): Promise<Result[]> {
    const startedAt = performance.now()
    const asked: Promise<Result>[] = []
    for (;;) {
      const elapsedMs = performance.now() - startedAt
      if (elapsedMs >= durationMs) return Promise.all(asked)
      const due = Math.ceil((elapsedMs * perSecond) / 1_000)
      while (asked.length < due) asked.push(this.okta.ask(next(asked.length)))
      await sleep(Math.max(1, 500 / perSecond))
    }
  }

  /** Asks until one exchange is granted and returns how long that took, up to ten seconds. */
  async recovery(question: () => Question = () => this.exchange()): Promise<number> {
    const startedAt = performance.now()
    for (;;) {
      const { outcome } = await this.okta.ask(question())
      const elapsedMs = performance.now() - startedAt
      if (outcome === 'delegated' || elapsedMs > 10_000) return elapsedMs
      await sleep(100)
    }
  }

  /** Notes what is not as it must be. */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.broken.push(otherwise)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.okta.close()
    await this.hook[Symbol.asyncDispose]()
    await this.issuer.close()
  }
}
