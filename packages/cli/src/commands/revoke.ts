import type { RevocationStore } from '@behalf/core'
import { describeNetworkFault, inTime, late, userKey } from '@behalf/core/internal'
import type { BehalfConfig } from '@behalf/hook'
import { findConfigFile, loadConfig } from '../config/config-file.ts'
import { readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { namingsOf } from '../revocation/user-names.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import type { revoke } from '../usage/revoke.ts'

/** A cut-off beyond would lock the user out for as long as it lies ahead. */
const mostAheadMs = 300_000
const storeTimeoutMs = 10_000

/** Cuts a user off, for whoever shares the store. */
export async function run({ options }: Input<typeof revoke>, terminal: Terminal): Promise<number> {
  const { user: asked, since = terminal.clock.now(), org } = options
  if (since > terminal.clock.now() + mostAheadMs)
    throw new UsageError('--since lies ahead; the user could not sign in again until then')
  const file = findConfigFile(options.config)
  if (file === undefined)
    throw new UsageError('there is no behalf.config.ts here; say --config FILE, which names the store')
  const { issuers, revocation } = await loadConfig(file, terminal.env)
  const store = sharedStore(revocation, file)
  const namings = namingsOf(issuers, org)
  const id =
    namings.some(({ claim }) => claim === 'uid') && !isUid(asked) ? await findUser(asked, terminal) : asked
  for (const { org: owner, claim } of namings) {
    const user = userKey(owner, [claim], { [claim]: id })
    if (user === undefined) throw new UsageError('--user is no name that an issuer could have given')
    const cutOff = await moveCutOff(store, user, since / 1_000, terminal)
    const until = new Date(cutOff * 1_000).toISOString()
    const known = id === asked ? id : `${asked} (${id})`
    terminal.print(
      cutOff > since / 1_000
        ? `${known} of ${owner} was cut off later already: tokens that were issued until ${until} count no longer.`
        : `${known} of ${owner}: tokens that were issued until ${until} count no longer.`,
    )
  }
  return 0
}

/** Another process's memory is out of reach, and saying that it was done would be worse than failing. */
function sharedStore(revocation: BehalfConfig['revocation'], file: string): RevocationStore {
  if (revocation === undefined)
    throw new CommandError(
      `${file} has no revocation, so nobody asks whether a user was cut off; nothing was done. See docs/revocation.md`,
    )
  const { store } = revocation
  if (store.isLocal === true)
    throw new CommandError(
      `the store of ${file} is in memory, and each process has its own: nothing was done. Share one, such as keyvRevocations() with Redis; see docs/revocation.md`,
    )
  return store
}

/** As Okta makes them. */
function isUid(text: string): boolean {
  return /^00u[0-9A-Za-z]{17}$/.test(text)
}

async function findUser(login: string, terminal: Terminal): Promise<string> {
  const credentials = await readOktaCredentials(terminal.env)
  if (credentials === undefined)
    throw new UsageError(
      `'${login}' is no id of Okta's (00u…), and OKTA_ORG_URL is not set to ask about the login`,
    )
  const api = await connectToOkta(credentials, patienceOf(terminal), ['okta.users.read'])
  const user = await api.find(`/api/v1/users/${encodeURIComponent(login)}`)
  if (user === undefined) throw new CommandError(`${api.orgUrl} has no user '${login}'; nothing was done`)
  return textAt(user, 'id')
}

/** Returns the cut-off that is there afterwards. */
async function moveCutOff(
  store: RevocationStore,
  user: string,
  cutOff: number,
  { clock }: Terminal,
): Promise<number> {
  const move = async (): Promise<unknown> => {
    await store.raise(user, cutOff)
    return store.find(user)
  }
  const found = await inTime(move, { clock, timeoutMs: storeTimeoutMs }).catch((error: unknown) => {
    const { detail } = describeNetworkFault(error)
    throw new CommandError(`the store ${detail}; whether the user was cut off is not known, so run it again`)
  })
  if (found === late)
    throw new CommandError(
      'the store did not answer in time; whether the user was cut off is not known, so run it again',
    )
  if (typeof found !== 'number' || !(found >= cutOff))
    throw new CommandError('the store does not have the cut-off that it was given; the user was not cut off')
  return found
}
