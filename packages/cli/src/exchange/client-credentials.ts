import { type ClientAuth, clientSecretBasic, clientSecretPost, privateKeyJwt } from '@behalf/client'
import { readNamedFile } from '../files/read-file.ts'
import { UsageError } from '../terminal/command.ts'

/** Who asks for tokens and how it authenticates. */
export interface ClientCredentials {
  readonly clientId: string
  readonly auth: ClientAuth
}

/**
 * Reads the credentials of a client from the environment, never from arguments, which other users of the
 * machine can see.
 *
 * @returns undefined when `CLIENT_ID` is not set
 */
export async function readClientCredentials(
  env: Readonly<Record<string, string | undefined>>,
): Promise<ClientCredentials | undefined> {
  const {
    CLIENT_ID,
    CLIENT_SECRET,
    CLIENT_AUTH = 'client_secret_basic',
    CLIENT_KEY_FILE,
    CLIENT_KEY_ID,
  } = env
  if (!CLIENT_ID) return undefined
  if (CLIENT_KEY_FILE && CLIENT_SECRET)
    throw new UsageError('CLIENT_SECRET and CLIENT_KEY_FILE are both set; set one of them')
  if (CLIENT_KEY_FILE) {
    const privateKey = await readKey(CLIENT_KEY_FILE)
    const auth = privateKeyJwt({ privateKey, ...(CLIENT_KEY_ID ? { keyId: CLIENT_KEY_ID } : {}) })
    if (auth.faults.length > 0) throw new UsageError(`CLIENT_KEY_FILE: ${auth.faults.join('; ')}`)
    return { clientId: CLIENT_ID, auth }
  }
  if (!CLIENT_SECRET)
    throw new UsageError('neither CLIENT_SECRET nor CLIENT_KEY_FILE is set; set one of them')
  if (CLIENT_AUTH === 'client_secret_basic')
    return { clientId: CLIENT_ID, auth: clientSecretBasic(CLIENT_SECRET) }
  if (CLIENT_AUTH === 'client_secret_post')
    return { clientId: CLIENT_ID, auth: clientSecretPost(CLIENT_SECRET) }
  throw new UsageError('CLIENT_AUTH must be client_secret_basic or client_secret_post')
}

async function readKey(file: string): Promise<string | Record<string, string>> {
  const text = await readNamedFile(file, 'the file that CLIENT_KEY_FILE names')
  if (!text.trimStart().startsWith('{')) return text
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('the file that CLIENT_KEY_FILE names is neither PEM nor JSON')
  }
}
