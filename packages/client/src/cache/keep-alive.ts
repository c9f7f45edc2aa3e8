/**
 * Keeps the process alive until work is done. Timers of the clock do not, and between two attempts there may be nothing
 * else: the process would end, with exit code 0, in the middle of a call that somebody waits for.
 */
export async function keepAliveDuring<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 60_000)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}
