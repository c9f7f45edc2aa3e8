import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mayBeCommonJs } from '../files/module-type.ts'
import { writeNewFile } from '../files/new-file.ts'
import { projectFiles } from '../files/project-files.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import { readValue } from '../terminal/option-kinds.ts'
import type { Input } from '../terminal/usage.ts'
import { init } from '../usage/init.ts'

/** Writes the files of a new project. */
export async function run({ options }: Input<typeof init>, terminal: Terminal): Promise<number> {
  const { dir: folder } = options
  const facts = {
    issuer: options.issuer ?? (await ask('issuer', terminal)),
    audience: options.audience ?? (await ask('audience', terminal)),
    clientId: options.client ?? (await ask('client', terminal)),
    resource: options.resource ?? (await ask('resource', terminal)),
    scopes: options.scope.length > 0 ? options.scope : await askScopes(terminal),
  }
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
  terminal.print('  node --test                 test the policy, with Node 22.18 or later')
  terminal.print(
    '  npx behalf keys seal --out sealing-keys.json     for the hook alone; keep it out of the repository',
  )
  terminal.print('  HOOK_SECRET=… SEALING_KEYS="$(cat sealing-keys.json)" npx behalf serve')
  return 0
}

const questions = {
  issuer: "The issuer of the users' access tokens (https://example.okta.com/oauth2/users): ",
  audience: 'What API A calls itself, the audience of those tokens (api://a): ',
  client: 'The client id of API A (0oa…): ',
  resource: 'What API B calls itself, the audience of delegated tokens (https://orders.example): ',
} as const

async function ask(option: keyof typeof questions, terminal: Terminal): Promise<string> {
  if (terminal.ask === undefined) throw new UsageError(`--${option} is missing, and there is nobody to ask`)
  return accept(option, await terminal.ask(questions[option]))
}

async function askScopes(terminal: Terminal): Promise<readonly string[]> {
  const answer = await terminal.ask?.('The scopes that API A may ask for, separated by blanks (any): ')
  const scopes = (answer ?? '').split(/\s+/).filter((scope) => scope !== '')
  return scopes.map((scope) => accept('scope', scope))
}

/** An answer is read as the option would be. */
function accept(option: keyof typeof questions | 'scope', answer: string): string {
  const outcome = readValue(init.options[option], answer.trim())
  if ('must' in outcome) throw new UsageError(`--${option} ${outcome.must}`)
  return `${outcome.value}`
}
