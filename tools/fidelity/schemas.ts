import type { Printed } from './script.ts'
import { judge, type Verdict } from './verdict.ts'

/** Reads what a check against the official schemas found: a line with ✗ for each that fails, its problems below. */
export function judgeSchemas(name: string, { lines }: Printed): Verdict {
  const deviations: string[] = []
  let failing = false
  for (const line of lines) {
    if (/^[✗·]/.test(line)) failing = line.startsWith('✗')
    else if (failing && line.startsWith('    ')) deviations.push(line.trim())
  }
  const [, passed = '0', failed = '?'] = /^(\d+) passed, (\d+) failed$/m.exec(lines.join('\n')) ?? []
  const crashed = failed === '?' ? ['the script did not end'] : []
  return judge(name, `${passed} of ${Number(passed) + Number(failed)} checks`, [...deviations, ...crashed])
}
