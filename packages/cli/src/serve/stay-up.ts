import { describeError } from '@behalf/hook'

/**
 * Keeps the process up when a rejection or an exception is handled by nobody, such as one in a timer that a
 * policy has left behind: a hook that is down lets plain tokens through.
 */
export function stayUp(report: (record: object) => void): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      report({ time: new Date().toISOString(), event, ...describeError(error) })
    })
  }
}
