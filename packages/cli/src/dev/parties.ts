import type { Line } from '../terminal/line.ts'
import { shellArgument, shellWord } from '../terminal/shell-word.ts'
import { alignRows } from '../terminal/table.ts'
import type { DevOrg } from './org.ts'

/** Everybody, and where they are. */
export interface Parties {
  readonly org: DevOrg
  readonly hook: string
  readonly configFile: string | undefined
  /** Where the hook's keys are; undefined when it opens no seals. */
  readonly sealJwksUri: string | undefined
  /** What each serves. */
  readonly apiA: string
  readonly apiB: string
}

/** Says who is where, and what an API of one's own must be told to take a place. */
export function describeParties({ org, hook, configFile, sealJwksUri, apiA, apiB }: Parties): Line[] {
  const { sandbox, users, delegation, resource } = org
  return [
    ...alignRows([
      ['org', sandbox.url, `users sign in at ${users.issuer}, API A asks ${delegation.issuer}`],
      [
        'hook',
        hook,
        configFile === undefined ? 'configured by the environment' : 'started anew when its sources change',
      ],
      ['API A', apiA, `takes users' tokens for ${users.audience}`],
      ['API B', apiB, `takes delegated tokens for ${resource}`],
    ]),
    '',
    'What APIs of your own are told, to take a place with --api-a and --api-b:',
    `  API A  ${assignments(apiAVariables(org, sealJwksUri, apiB))}`,
    `  API B  ${assignments(apiBVariables(org))}`,
  ]
}

/** What an API A of one's own must be told. @param sealJwksUri - undefined when the hook opens no seals */
export function apiAVariables(
  { users, delegation, resource, apiA, hookVariables }: DevOrg,
  sealJwksUri: string | undefined,
  apiB: string,
): Readonly<Record<string, string>> {
  const { clientId, clientSecret = '' } = apiA.app
  return {
    ISSUER: users.issuer,
    AUDIENCE: users.audience,
    DELEGATION_ISSUER: delegation.issuer,
    // Where the hook is not told for whom tokens are, nobody may say.
    ...('RESOURCE' in hookVariables ? { RESOURCE: resource } : {}),
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    ...(sealJwksUri === undefined ? {} : { SEAL_JWKS_URI: sealJwksUri }),
    API_B_URL: new URL(apiB).origin,
  }
}

/** What an API B of one's own must be told. */
export function apiBVariables({ delegation, resource }: DevOrg): Readonly<Record<string, string>> {
  return { ISSUER: delegation.issuer, AUDIENCE: resource }
}

/** Returns the commands that let a user do something; an API A of one's own signs nobody in. */
export function tryCommands({ sandbox, users }: DevOrg, apiA: string, isOwn: boolean): readonly string[] {
  return sandbox.users.map(({ login }) => {
    if (isOwn)
      return `  curl ${shellWord(`${new URL(apiA).origin}/try?user=${encodeURIComponent(login).replaceAll('%40', '@')}`)}`
    const token = `npx behalf token --server ${users.id} --sandbox ${sandbox.url} ${shellArgument(login)}`
    return `  curl -H "Authorization: Bearer $(${token})" ${shellWord(apiA)}`
  })
}

function assignments(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${shellWord(value)}`)
    .join(' ')
}
