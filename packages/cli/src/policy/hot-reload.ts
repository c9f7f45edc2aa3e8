import { isDeepStrictEqual } from 'node:util'
import type { BehalfConfig, DecisionPoint } from '@behalf/hook'
import { watchFiles } from '../files/file-watch.ts'
import type { Terminal } from '../terminal/command.ts'
import { type PolicyReport, reportPolicy } from './policy-report.ts'

/**
 * Reads a policy's files again whenever they change, those in new folders included. Policies with a fault are
 * refused, those before stay in force, and the log says which and why.
 *
 * @param tell - hears what is in force after each change, and why that is not what the files say
 * @returns a function that ends it
 */
export function reloadOnChange(
  { policy, issuers }: Pick<BehalfConfig, 'policy' | 'issuers'>,
  terminal: Terminal,
  tell: (report: PolicyReport) => void = () => undefined,
): () => void {
  if (policy === undefined || typeof policy === 'function') return () => undefined
  let watched: readonly string[] = []
  let stopWatching = (): void => undefined
  const follow = (): boolean => {
    const { files = [] } = policy
    if (isDeepStrictEqual(files, watched)) return false
    stopWatching()
    stopWatching = watch(files, terminal, changed)
    watched = [...files]
    return true
  }
  // What changes between reading and watching would pass unnoticed, so whatever is watched anew is read again.
  const settle = (): void => {
    while (follow()) refuseOrApply(policy, issuers, terminal, tell)
  }
  const changed = (): void => {
    const applied = refuseOrApply(policy, issuers, terminal, tell)
    settle()
    if (applied)
      terminal.complain(`behalf: the changed policies are in force (${policy.rules?.length ?? 0} policies)`)
  }
  settle()
  return () => stopWatching()
}

function watch(files: readonly string[], terminal: Terminal, changed: () => void): () => void {
  try {
    return watchFiles(files, terminal.clock, changed)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown fault'
    terminal.complain(
      `behalf: the policies cannot be watched (${code}); they stay as they are until a restart`,
    )
    return () => undefined
  }
}

/** Whether what the files say now is in force. */
function refuseOrApply(
  policy: DecisionPoint,
  issuers: BehalfConfig['issuers'],
  { complain }: Terminal,
  tell: (report: PolicyReport) => void,
): boolean {
  const next = policy.reload?.(issuers.map(({ issuer }) => issuer))
  if (next === undefined) return false
  if (next.faults.length > 0) {
    complain('behalf: the changed policies are refused, those before stay in force:')
    const faults = next.faults.map(({ path, problem }) => `${path}: ${problem}`)
    for (const fault of faults) complain(`  ${fault}`)
    tell({ ...reportPolicy(policy), faults })
    return false
  }
  next.apply()
  tell(reportPolicy(policy))
  return true
}
