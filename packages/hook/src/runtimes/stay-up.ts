import { describeError } from '../errors/internal-error.ts'

/** What {@link stayUp} needs of Node's `process`. */
export interface StayingProcess {
  on(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void): unknown
  removeAllListeners(event: 'unhandledRejection' | 'uncaughtException'): unknown
}

const endings = ['unhandledRejection', 'uncaughtException'] as const

/**
 * Keeps a process up when a rejection or an exception is handled by nobody, such as one in a timer that a policy has
 * left behind: a hook that is down lets plain tokens through. It does not keep it from being ended by a listener of
 * somebody else's, unless `alone` is true, which takes those away that are there already.
 *
 * @example
 * ```ts
 * import process from 'node:process'
 * import { stayUp } from '@behalf/hook/node'
 *
 * stayUp(process, (record) => console.error(JSON.stringify(record)))
 * ```
 */
export function stayUp(process: StayingProcess, report: (record: object) => void, alone = false): void {
  for (const event of endings) {
    if (alone) process.removeAllListeners(event)
    process.on(event, (error) => report({ time: new Date().toISOString(), event, ...describeError(error) }))
  }
}
