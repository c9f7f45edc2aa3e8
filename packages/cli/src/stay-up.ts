/**
 * Keeps the process up when a rejection or an exception is handled by nobody, such as one in a timer that a
 * policy has left behind: a hook that is down lets plain tokens through. Each is reported by its name and its
 * frames, because messages quote what they failed on.
 */
export function stayUp(report: (record: object) => void): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: '' }
      const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
      report({ time: new Date().toISOString(), event, name, frames: frames.map((frame) => frame.trim()) })
    })
  }
}
