import {
  type ClientAuth,
  clientSecretBasic,
  clientSecretPost,
  privateKeyJwt,
  type SealOptions,
} from '@behalf/client'
import { whyUntrustworthy } from '@behalf/core/internal'
import { readNamedFile } from '../files/read-file.ts'
import { UsageError } from '../terminal/command.ts'
import { readInsecureHosts } from '../terminal/insecure-hosts.ts'

/** Who asks for tokens, how it authenticates, and what it seals assertions for. */
export interface ClientCredentials {
  readonly clientId: string
  readonly auth: ClientAuth
  readonly seal?: SealOptions
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the credentials of a client from the environment, never from arguments, which other users of the
 * machine can see.
 *
 * @returns undefined when `CLIENT_ID` is not set
 */
export async function readClientCredentials(env: Environment): Promise<ClientCredentials | undefined> {
  const { CLIENT_ID: clientId, SEAL_JWKS_URI: jwksUri } = env
  if (!clientId) return undefined
  const auth = await readAuthentication(env)
  if (jwksUri === undefined) return { clientId, auth }
  const why = whyUntrustworthy(jwksUri, readInsecureHosts(env))
  if (why !== undefined) throw new UsageError(`SEAL_JWKS_URI: it ${why}`)
  return { clientId, auth, seal: { jwksUri } }
}

async function readAuthentication(env: Environment): Promise<ClientAuth> {
  const { CLIENT_SECRET, CLIENT_AUTH = 'client_secret_basic', CLIENT_KEY_FILE, CLIENT_KEY_ID } = env
  if (CLIENT_KEY_FILE && CLIENT_SECRET)
    throw new UsageError('CLIENT_SECRET and CLIENT_KEY_FILE are both set; set one of them')
  if (CLIENT_KEY_FILE) {
    const privateKey = await readKey(CLIENT_KEY_FILE)
    const auth = privateKeyJwt({ privateKey, ...(CLIENT_KEY_ID ? { keyId: CLIENT_KEY_ID } : {}) })
    if (auth.faults.length > 0) throw new UsageError(`CLIENT_KEY_FILE: ${auth.faults.join('; ')}`)
    return auth
  }
  if (!CLIENT_SECRET)
    throw new UsageError('neither CLIENT_SECRET nor CLIENT_KEY_FILE is set; set one of them')
  if (CLIENT_AUTH === 'client_secret_basic') return clientSecretBasic(CLIENT_SECRET)
  if (CLIENT_AUTH === 'client_secret_post') return clientSecretPost(CLIENT_SECRET)
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
