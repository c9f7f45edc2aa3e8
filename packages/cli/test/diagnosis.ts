import type { ManualClock } from '@behalf/testing'
import { expect } from 'vitest'
import type { Finding } from '../src/diagnosis/finding.ts'
import { main } from '../src/index.ts'
import { recordedTerminal } from './recorded-terminal.ts'

/** What `behalf doctor` found. */
export interface Diagnosis {
  readonly code: number
  readonly findings: readonly Finding[]
  /** The first finding of a check. */
  find(check: string): Finding | undefined
}

/** Runs `behalf doctor`, and looks that every finding that is not fine has a remedy. */
export async function diagnose(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  clock?: ManualClock,
): Promise<Diagnosis> {
  const terminal = recordedTerminal({ env, ...(clock === undefined ? {} : { clock }) })
  const code = await main(['doctor', ...args, '--samples', '2', '--json'], terminal)
  expect(terminal.stderr).toEqual([])
  const { findings }: { findings: Finding[] } = JSON.parse(terminal.stdout.join('\n'))
  for (const { status, remedy } of findings) if (status !== 'ok') expect(remedy).toMatch(/\S/)
  return { code, findings, find: (check) => findings.find((finding) => finding.check === check) }
}
