import { type Flaws, type Installation, startInstallation } from './installation.ts'

/** Something that goes wrong, and the alerts that fire then. */
export interface Fault {
  readonly name: string
  readonly flaws?: Flaws
  readonly happen: (installation: Installation) => Promise<void>
  readonly fires: readonly string[]
}

const failingPolicy = `export default {
  authenticate: { secrets: [process.env.HOOK_SECRET] },
  issuers: [{ issuer: process.env.ISSUER, audiences: ['api://default'] }],
  clients: { [process.env.CLIENT_IDS]: {} },
  policy: async () => { throw new Error('no answer') },
}`

/** Every fault that is played. */
export const faults: readonly Fault[] = [
  { name: 'none', happen: ({ call }) => call(), fires: [] },
  {
    name: 'the hook is down',
    async happen({ hook, call, callPlainly }) {
      await call()
      hook.child.kill('SIGKILL')
      await hook.exitCode()
      await call()
      await callPlainly()
    },
    fires: ['BehalfHookDown', 'BehalfPlainTokenIssued', 'BehalfPlainTokenRefused', 'BehalfPlainTokenSeen'],
  },
  {
    name: 'Okta sends another secret',
    flaws: { secretAtOkta: 'former-secret-0123456789' },
    happen: ({ call }) => call(),
    fires: ['BehalfCallerUnauthenticated'],
  },
  {
    name: 'the issuer of users is out of reach',
    flaws: { issuer: 'http://127.0.0.1:9/oauth2/default' },
    happen: async () => undefined,
    fires: ['BehalfHookUnready', 'BehalfKeysMissing'],
  },
  {
    name: 'the policy fails',
    flaws: { config: failingPolicy },
    // A rate takes two looks between which there was something.
    async happen({ call, prometheus }) {
      await call()
      await prometheus.firing()
      await call()
    },
    fires: ['BehalfDependencyUnavailable'],
  },
  {
    name: 'a roll-out is stuck half-way',
    flaws: { otherClients: '0oaApiA,0oaApiC' },
    happen: ({ call }) => call(),
    fires: ['BehalfRevisionsDiffer'],
  },
]

/** Lets a fault happen in an installation of its own; returns the alerts that fire. */
export async function play({ flaws, happen }: Fault): Promise<readonly string[]> {
  await using installation = await startInstallation(flaws)
  await happen(installation)
  // Awaited here, since the installation ends with this function.
  return await installation.prometheus.firing()
}
