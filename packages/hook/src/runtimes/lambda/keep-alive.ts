/**
 * Keeps the process alive while something is under way. The hook's timers do not, and on Lambda nothing else may:
 * with an empty event loop the function would end before its deadline, and Okta would issue the plain token.
 */
export class KeepAlive {
  /** It has nothing to do but to be there; one timer for all, because making one costs more than a step of the hook. */
  readonly #timer = setInterval(() => undefined, 60_000).unref()
  #underWay = 0

  async during<T>(start: () => T | Promise<T>): Promise<T> {
    if (this.#underWay++ === 0) this.#timer.ref()
    try {
      return await start()
    } finally {
      if (--this.#underWay === 0) this.#timer.unref()
    }
  }
}
