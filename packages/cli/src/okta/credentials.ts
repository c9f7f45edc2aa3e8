import { isTrustworthyUrl } from '@behalf/core/internal'
import { readNamedFile } from '../files/read-file.ts'
import { UsageError } from '../terminal/command.ts'
import { readInsecureHosts } from '../terminal/insecure-hosts.ts'

/** How the management API of an org is called. */
export type OktaCredentials = { readonly orgUrl: string } & (
  | { readonly apiToken: string }
  | { readonly clientId: string; readonly privateKey: string; readonly keyId: string | undefined }
)

/**
 * Reads the credentials of the management API, from the environment and nowhere else.
 *
 * @returns undefined when `OKTA_ORG_URL` is not set
 */
export async function readOktaCredentials(
  env: Readonly<Record<string, string | undefined>>,
): Promise<OktaCredentials | undefined> {
  const { OKTA_ORG_URL, OKTA_API_TOKEN, OKTA_CLIENT_ID } = env
  if (!OKTA_ORG_URL) return undefined
  if (!isTrustworthyUrl(OKTA_ORG_URL, readInsecureHosts(env)))
    throw new UsageError(
      'OKTA_ORG_URL must be an https URL (http on loopback and INSECURE_HOSTS), such as https://example.okta.com',
    )
  const { origin: orgUrl } = new URL(OKTA_ORG_URL)
  if (OKTA_API_TOKEN) return { orgUrl, apiToken: OKTA_API_TOKEN }
  if (!OKTA_CLIENT_ID)
    throw new UsageError('set OKTA_API_TOKEN, or OKTA_CLIENT_ID with OKTA_PRIVATE_KEY_FILE')
  return { orgUrl, clientId: OKTA_CLIENT_ID, privateKey: await readKey(env), keyId: env['OKTA_KEY_ID'] }
}

async function readKey({
  OKTA_PRIVATE_KEY,
  OKTA_PRIVATE_KEY_FILE,
}: Readonly<Record<string, string | undefined>>): Promise<string> {
  if (OKTA_PRIVATE_KEY) return OKTA_PRIVATE_KEY
  if (!OKTA_PRIVATE_KEY_FILE)
    throw new UsageError('OKTA_CLIENT_ID is set, but no OKTA_PRIVATE_KEY_FILE or OKTA_PRIVATE_KEY')
  return readNamedFile(OKTA_PRIVATE_KEY_FILE, 'the file that OKTA_PRIVATE_KEY_FILE names')
}
