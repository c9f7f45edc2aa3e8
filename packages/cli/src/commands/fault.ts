import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject, isLoopback } from '@behalf/core/internal'
import { FaultyOrg } from '../sandbox/faulty-org.ts'
import { type Command, UsageError } from '../terminal/command.ts'
import { readArguments } from '../terminal/options.ts'
import { printable } from '../terminal/printable.ts'
import { alignRows } from '../terminal/table.ts'

/** Makes things go wrong in a sandbox, or right again. */
export const fault: Command = {
  name: 'fault',
  summary: 'let something go wrong in a running sandbox, or make it right again',
  words: ['kinds', 'list', 'clear'],
  help: `Usage: behalf fault KIND [NAME=VALUE]... [--sandbox URL] [--json]
       behalf fault kinds | list | clear [ID] [--sandbox URL] [--json]

KIND       brings a fault about; 'kinds' lists them with what they take
list       lists the faults that are in force
clear      ends one fault, or all

  --sandbox URL  the sandbox; http://127.0.0.1:8090 by default
  --json         print JSON instead

OKTA_API_TOKEN is the token of its management API, which the sandbox prints when it starts.

Examples:
  behalf fault hook-slow delayMs=4000
  behalf fault key-rotation serverId=default
  behalf fault clear`,

  async run(args, terminal) {
    const { options, words } = readArguments(args, { sandbox: { type: 'string' }, json: { type: 'boolean' } })
    const [word, ...rest] = words
    if (word === undefined) throw new UsageError("expected the kind of a fault, 'kinds', 'list' or 'clear'")
    const { sandbox = 'http://127.0.0.1:8090' } = options
    if (!isLoopback(URL.parse(sandbox)?.hostname ?? ''))
      throw new UsageError('--sandbox must be a URL on this machine')
    const token = terminal.env['OKTA_API_TOKEN']
    if (!token)
      throw new UsageError(
        'OKTA_API_TOKEN is not set; the sandbox prints it when it starts, a new one each time',
      )
    const org = new FaultyOrg(sandbox, token)
    const answer = await ask(org, word, rest)
    if (options.json === true) terminal.print(JSON.stringify(answer))
    else for (const line of describeAnswer(word, answer)) terminal.print(line)
    return 0
  },
}

function ask(org: FaultyOrg, word: string, rest: readonly string[]): Promise<Json> {
  switch (word) {
    case 'kinds':
      return org.call('GET', '/sandbox/fault-kinds')
    case 'list':
      return org.call('GET', '/sandbox/faults')
    case 'clear':
      return org.call('DELETE', ['/sandbox/faults', ...rest.slice(0, 1).map(encodeURIComponent)].join('/'))
    default:
      return org.call('POST', '/sandbox/faults', { kind: word, ...readParameters(rest) })
  }
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

function describeAnswer(word: string, answer: Json): string[] {
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
  return printable([`${kind}`, ...taken, `(${id})`].join(' '))
}
