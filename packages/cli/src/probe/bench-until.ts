import { CommandError } from '../terminal/command.ts'
import type { Bench } from './question.ts'

/**
 * Lends the bench to one question, until a signal is aborted. From then on the question can begin nothing more and waits for
 * nobody, so that it is over soon and does not disturb the next one; what it has changed it can still put back.
 */
export function benchUntil(bench: Bench, signal: AbortSignal): Bench {
  const { hook, askPerson } = bench
  const refuse = (): CommandError => new CommandError('it took too long')
  const goOn = (): void => {
    if (signal.aborted) throw refuse()
  }
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(refuse()), { once: true })
  })
  // Nobody may be waiting when it comes.
  ended.catch(() => undefined)
  const unlessEnded = async <T>(work: () => Promise<T>): Promise<T> => {
    goOn()
    return Promise.race([work(), ended])
  }
  /** Requests that were sent are waited for: what they cause would come to the next question's hook otherwise. */
  const unlessTooLate =
    <A extends readonly unknown[], T>(work: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      goOn()
      return work(...given)
    }
  return {
    ...bench,
    hook: {
      secret: hook.secret,
      answer: unlessTooLate((answer) => hook.answer(answer)),
      issueTokens: unlessTooLate((how) => hook.issueTokens(how)),
      seen: () => hook.seen(),
    },
    requestToken: unlessTooLate((trial) => bench.requestToken(trial)),
    present: unlessTooLate((endpoint, token) => bench.present(endpoint, token)),
    visit: unlessTooLate((path, headers) => bench.visit(path, headers)),
    manage: unlessTooLate((method, path, body) => bench.manage(method, path, body)),
    post: unlessTooLate((path, form) => bench.post(path, form)),
    awaitLog: (find) => unlessEnded(() => bench.awaitLog((events) => signal.aborted || find(events))),
    askPerson: askPerson && ((url, state) => unlessEnded(() => askPerson(url, state))),
  }
}
