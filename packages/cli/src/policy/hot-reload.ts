import type { Policy } from '@behalf/hook'
import type { Terminal } from '../command.ts'
import { watchFiles } from '../file-watch.ts'
import { printable } from '../output/printable.ts'

/**
 * Reads a policy's files again whenever they change. Policies with a fault are refused, those before stay in
 * force, and the log says which and why.
 *
 * @returns a function that ends it
 */
export function reloadOnChange(policy: Policy | undefined, terminal: Terminal): () => void {
  if (policy === undefined || typeof policy === 'function') return () => undefined
  const { files = [] } = policy
  if (files.length === 0) return () => undefined
  return watchFiles(files, terminal.clock, () => {
    const reload = policy.reload?.()
    if (reload === undefined) return
    if (reload.faults.length > 0) {
      const lines = reload.faults.map(({ path, problem }) => printable(`  ${path}: ${problem}`))
      terminal.complain(
        `behalf: the changed policies are refused, those before stay in force:\n${lines.join('\n')}`,
      )
      return
    }
    reload.apply()
    terminal.complain(`behalf: the changed policies are in force (${policy.rules?.length ?? 0} policies)`)
  })
}
