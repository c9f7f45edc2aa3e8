import type { DecisionPoint, Policy } from '@behalf/hook'
import { watchFiles } from '../files/file-watch.ts'
import type { Terminal } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'

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
  try {
    return watchFiles(files, terminal.clock, () => reload(policy, terminal))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown fault'
    terminal.complain(
      `behalf: the policies cannot be watched (${code}); they stay as they are until a restart`,
    )
    return () => undefined
  }
}

function reload(policy: DecisionPoint, { complain }: Terminal): void {
  const next = policy.reload?.()
  if (next === undefined) return
  if (next.faults.length > 0) {
    const lines = next.faults.map(({ path, problem }) => printable(`  ${path}: ${problem}`))
    complain(`behalf: the changed policies are refused, those before stay in force:\n${lines.join('\n')}`)
    return
  }
  next.apply()
  complain(`behalf: the changed policies are in force (${policy.rules?.length ?? 0} policies)`)
}
