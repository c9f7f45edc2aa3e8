import type { Installation } from './installation.ts'

/** What a check found out. */
export interface Finding {
  /** What was looked at, in a few words. */
  readonly check: string
  readonly status: 'ok' | 'warning' | 'failure' | 'skipped'
  /** What was seen. No token, no secret. */
  readonly detail: string
  /** What to do about it; there for warnings and failures, and for what was skipped. */
  readonly remedy?: string
}

/** One look at an installation. It does not throw because of what it sees. */
export type Check = (installation: Installation) => Promise<readonly Finding[]>

/** Says that all is well. */
export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail }
}

/** It works, and somebody should know. */
export function warning(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'warning', detail, remedy }
}

/** It does not work, or is not safe. */
export function failure(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'failure', detail, remedy }
}

/** It could not be looked at; the remedy says what is needed. */
export function skipped(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'skipped', detail, remedy }
}
