import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { type RunningSandbox, readApiToken, requireSandbox } from '../sandbox/running-sandbox.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import type { Line } from '../terminal/line.ts'
import { printJson } from '../terminal/print-json.ts'
import { alignRows } from '../terminal/table.ts'
import type { Input } from '../terminal/usage.ts'
import type { fault } from '../usage/fault.ts'

/** Makes things go wrong in a sandbox, or right again. */
export async function run(
  { options, words: [word = '', ...rest] }: Input<typeof fault>,
  terminal: Terminal,
): Promise<number> {
  const org = await requireSandbox(options.sandbox, readApiToken(terminal))
  const answer = await ask(org, word, rest)
  if (options.json) printJson(terminal, answer)
  else for (const line of describeAnswer(word, answer)) terminal.print(line)
  return 0
}

function ask(org: RunningSandbox, word: string, rest: readonly string[]): Promise<Json> {
  switch (word) {
    case 'kinds':
      refuseMore(word, rest, 0)
      return org.call('GET', '/sandbox/fault-kinds')
    case 'list':
      refuseMore(word, rest, 0)
      return org.call('GET', '/sandbox/faults')
    case 'clear':
      refuseMore(word, rest, 1)
      return org.call('DELETE', ['/sandbox/faults', ...rest.map(encodeURIComponent)].join('/'))
    default:
      return org.call('POST', '/sandbox/faults', { kind: word, ...readParameters(rest) })
  }
}

function refuseMore(word: string, rest: readonly string[], most: number): void {
  const [unexpected] = rest.slice(most)
  if (unexpected !== undefined)
    throw new UsageError(`'${unexpected}' is one word too many for behalf fault ${word}`)
}

/** `name=value`; what looks like a number is one, because no fault takes a text that does. */
function readParameters(words: readonly string[]): JsonObject {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value = ''] = /^(\w+)=(.+)$/.exec(word) ?? []
      if (name === undefined)
        throw new UsageError('what a fault takes is given as NAME=VALUE; behalf fault kinds lists it')
      return [name, /^-?\d+$/.test(value) ? Number(value) : value]
    }),
  )
}

function describeAnswer(word: string, answer: Json): Line[] {
  if (word === 'clear') return ['cleared']
  if (!Array.isArray(answer)) return isJsonObject(answer) ? [`in force: ${describeFault(answer)}`] : []
  const members = answer.filter(isJsonObject)
  if (word === 'kinds')
    return alignRows(
      members.map(({ kind, parameters, summary, outcome }) => [
        String(kind),
        isJsonObject(parameters)
          ? Object.keys(parameters)
              .map((name) => `${name}=…`)
              .join(' ')
          : '',
        `${summary}: ${outcome}`,
      ]),
    )
  return members.length === 0 ? ['no fault is in force'] : members.map(describeFault)
}

function describeFault({ id, kind, ...parameters }: JsonObject): string {
  const taken = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  return [`${kind}`, ...taken, `(${id})`].join(' ')
}
