import type { TokenStore } from '@behalf/client'

/** A store in memory whose content tests can read and write, and which fails or hangs when told to. */
export class ProbedStore implements TokenStore {
  readonly values = new Map<string, { value: unknown; ttlMs: number }>()
  readonly calls: string[] = []
  behaviour: 'well' | 'fail' | 'throw' | 'hang' = 'well'
  /** What has been read is handed out after this. */
  delay: Promise<void> | undefined

  get(key: string): Promise<unknown> {
    return this.#do('get', () => this.values.get(key)?.value)
  }

  set(key: string, value: string, ttlMs: number): Promise<unknown> {
    return this.#do('set', () => this.values.set(key, { value, ttlMs }))
  }

  delete(key: string): Promise<unknown> {
    return this.#do('delete', () => this.values.delete(key))
  }

  /** The only entry. */
  get entry(): { key: string; value: unknown; ttlMs: number } {
    const [[key, entry] = []] = this.values
    if (this.values.size !== 1 || key === undefined || entry === undefined) throw new Error('not one entry')
    return { key, ...entry }
  }

  #do(name: string, work: () => unknown): Promise<unknown> {
    this.calls.push(name)
    if (this.behaviour === 'throw') throw new Error('redis://user:password@10.0.0.1 is down')
    if (this.behaviour === 'fail') return Promise.reject(new Error('redis://user:password@10.0.0.1 is down'))
    if (this.behaviour === 'hang') return new Promise(() => undefined)
    const done = work()
    return this.delay === undefined ? Promise.resolve(done) : this.delay.then(() => done)
  }
}
