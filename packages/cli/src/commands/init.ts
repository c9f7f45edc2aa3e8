import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isPartyName, isScopeToken, isTrustworthyUrl } from '@behalf/core/internal'
import { mayBeCommonJs } from '../files/module-type.ts'
import { writeNewFile } from '../files/new-file.ts'
import { projectFiles } from '../files/project-files.ts'
import { type Command, CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { readOptions } from '../terminal/options.ts'

/** Writes the files of a new project. */
export const init: Command = {
  name: 'init',
  summary: 'write a configuration, a policy and its test',
  help: `Usage: behalf init [--issuer ISSUER] [--audience AUDIENCE] [--client CLIENT_ID] [--scope S]... [--dir FOLDER]

Writes behalf.config.ts, behalf.policy.ts and behalf.policy.test.ts. Asks for what no option says. Nothing that exists
is overwritten.

  --issuer ISSUER      the authorization server that issues the users' access tokens
  --audience AUDIENCE  what API A calls itself: the audience of those tokens
  --client CLIENT_ID   the client id of API A, which acts for the users
  --scope S            a scope that it may ask for; may be repeated; any by default
  --dir FOLDER         where to write; the current folder by default

Examples:
  behalf init
  behalf init --issuer https://example.okta.com/oauth2/default --audience api://a --client 0oaApiA --scope orders:read`,

  async run(args, terminal) {
    const options = readOptions(args, {
      issuer: { type: 'string' },
      audience: { type: 'string' },
      client: { type: 'string' },
      scope: { type: 'string', multiple: true },
      dir: { type: 'string' },
    })
    const find = (question: Question): Promise<string> => settle(question, options[question.option], terminal)
    const facts = {
      issuer: await find(issuerQuestion),
      audience: await find(audienceQuestion),
      clientId: await find(clientQuestion),
      scopes: options.scope ?? (await askScopes(terminal)),
    }
    const badScope = facts.scopes.find((scope) => !isScopeToken(scope))
    if (badScope !== undefined)
      throw new UsageError('--scope must be a scope token without blanks and quotes')
    const folder = options.dir ?? '.'
    const files = Object.entries(projectFiles(facts))
    const present = files.map(([name]) => join(folder, name)).filter((path) => existsSync(path))
    if (present.length > 0)
      throw new CommandError(
        `${present.join(', ')} exists already, so nothing was written; choose another --dir`,
      )
    for (const [name, content] of files) {
      await writeNewFile(join(folder, name), content)
      terminal.print(`wrote ${join(folder, name)}`)
    }
    terminal.print('')
    terminal.print('Next:')
    terminal.print('  npm install @behalf/hook behalf')
    if (mayBeCommonJs(folder))
      terminal.print('  npm pkg set type=module     Node takes the files for CommonJS otherwise')
    terminal.print('  npx behalf dev              try it with a local Okta org')
    terminal.print('  node --test                 test the policy')
    terminal.print('  HOOK_SECRET=… npx behalf serve')
    return 0
  },
}

interface Question {
  readonly option: 'issuer' | 'audience' | 'client'
  readonly text: string
  readonly expected: string
  readonly holds: (answer: string) => boolean
}

const issuerQuestion: Question = {
  option: 'issuer',
  text: "The issuer of the users' access tokens (https://example.okta.com/oauth2/default): ",
  expected: 'the https URL (http on loopback) of an authorization server',
  holds: isTrustworthyUrl,
}
const audienceQuestion: Question = {
  option: 'audience',
  text: 'What API A calls itself, the audience of those tokens (api://default): ',
  expected: 'a name without surrounding blanks',
  holds: isPartyName,
}
const clientQuestion: Question = {
  option: 'client',
  text: 'The client id of API A (0oa…): ',
  expected: 'a client id',
  holds: isPartyName,
}

async function settle(
  { option, text, expected, holds }: Question,
  given: string | undefined,
  { ask }: Terminal,
): Promise<string> {
  if (given === undefined && ask === undefined)
    throw new UsageError(`--${option} is missing, and there is nobody to ask`)
  const answer = (given ?? (await ask?.(text)) ?? '').trim()
  if (!holds(answer)) throw new UsageError(`--${option} must be ${expected}`)
  return answer
}

async function askScopes({ ask }: Terminal): Promise<readonly string[]> {
  const answer = (await ask?.('The scopes that API A may ask for, separated by blanks (any): ')) ?? ''
  return answer.split(/\s+/).filter((scope) => scope !== '')
}
