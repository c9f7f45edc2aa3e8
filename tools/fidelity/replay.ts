import type { Printed } from './script.ts'
import { judge, type Verdict } from './verdict.ts'

/** What another status, error code or type of a member is called in the output; values differ from org to org. */
const decisive = ['status', 'code', 'missing', 'extra', 'type']

/** Reads what the replay of recorded traffic found. */
export function judgeReplay({ lines }: Printed): Verdict {
  const deviations: string[] = []
  let section = ''
  for (const line of lines) {
    section = /^## (\w+)/.exec(line)?.[1] ?? section
    const [, found] = /^ *\d+ × (.*?)(?: {3}\[.*\])?$/.exec(line) ?? []
    if (found !== undefined && decisive.includes(section)) deviations.push(found)
  }
  const count = (name: string): number => Number(new RegExp(`${name}: (\\d+)`).exec(lines.join('\n'))?.[1])
  const [steps, status, members] = [count('steps'), count('sameStatus'), count('identicalShape')]
  const figures = `${status} of ${steps} steps with the same status and code, ${members} with the same members`
  const missed = steps > 0 && status === steps ? [] : [`${steps - status} steps with another status`]
  return judge('replay', figures, [...deviations, ...missed])
}
