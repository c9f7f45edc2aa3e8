import { mayBeCommonJs } from '../files/module-type.ts'
import { exampleFacts, type ProjectFacts } from '../project/facts.ts'
import { writeProject } from '../project/new-project.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import { readValue } from '../terminal/option-kinds.ts'
import { shellArgument } from '../terminal/shell-word.ts'
import type { Input } from '../terminal/usage.ts'
import { init } from '../usage/init.ts'

/** Writes the files of a new project. */
export async function run({ options }: Input<typeof init>, terminal: Terminal): Promise<number> {
  const { dir: folder, policy, 'hook-only': isHookOnly } = options
  const facts = await readFacts(options, terminal)
  for (const path of await writeProject(folder, { facts, policy, isHookOnly }))
    terminal.print(`wrote ${path}`)
  terminal.print('')
  terminal.print('Next:')
  for (const line of isHookOnly ? hookSteps(mayBeCommonJs(folder), policy) : projectSteps(folder))
    terminal.print(`  ${line}`)
  return 0
}

function projectSteps(folder: string): readonly string[] {
  return [
    ...(folder === '.' ? [] : [`cd ${shellArgument(folder)}`]),
    'npm install',
    'npm test          types, the policy, API B alone, and an exchange over a local Okta org',
    'npm run dev       org, hook, API A and API B; it says what to try',
  ]
}

function hookSteps(isCommonJs: boolean, policy: 'function' | 'cedar'): readonly string[] {
  return [
    policy === 'cedar'
      ? 'npm install @behalf/hook behalf @cedar-policy/cedar-wasm'
      : 'npm install @behalf/hook behalf',
    ...(isCommonJs ? ['npm pkg set type=module     Node takes the files for CommonJS otherwise'] : []),
    'npx behalf dev              try it with a local Okta org',
    policy === 'cedar'
      ? 'npx behalf policy test policies/*.test.yaml     test the policy'
      : 'node --test                 test the policy, with Node 22.18 or later',
    'npx behalf keys seal --out sealing-keys.json     for the hook alone; keep it out of the repository',
    'HOOK_SECRET=… SEALING_KEYS="$(cat sealing-keys.json)" npx behalf serve',
  ]
}

const questions = {
  issuer: "The issuer of the users' access tokens (https://example.okta.com/oauth2/users): ",
  audience: 'What API A calls itself, the audience of those tokens (api://a): ',
  client: 'The client id of API A (0oa…): ',
  resource: 'What API B calls itself, the audience of delegated tokens (https://orders.example): ',
} as const

async function readFacts(options: Input<typeof init>['options'], terminal: Terminal): Promise<ProjectFacts> {
  const { yes: isExample, scope: scopes } = options
  const tell = async (option: keyof typeof questions, example: string): Promise<string> =>
    options[option] ?? (isExample ? example : await ask(option, terminal))
  return {
    issuer: await tell('issuer', exampleFacts.issuer),
    audience: await tell('audience', exampleFacts.audience),
    clientId: await tell('client', exampleFacts.clientId),
    resource: await tell('resource', exampleFacts.resource),
    scopes: scopes.length > 0 ? scopes : isExample ? exampleFacts.scopes : await askScopes(terminal),
  }
}

async function ask(option: keyof typeof questions, terminal: Terminal): Promise<string> {
  if (terminal.ask === undefined)
    throw new UsageError(`--${option} is missing, and there is nobody to ask; --yes takes the example's`)
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
