import { hash, randomBytes } from 'node:crypto'
import { isJsonObject, isLoopback, parseStrictJson, readText } from '@behalf/core/internal'
import { whyUnreachable } from '../okta/unreachable.ts'
import { CommandError, UsageError } from '../terminal/command.ts'

/** Who signs in where. */
export interface SignIn {
  /** The issuer of a sandbox. */
  readonly issuer: string
  readonly login: string
  /** The public app that the user signs in to; the sandbox's own by default. */
  readonly appId?: string
  /** Where that app takes the user back; the sandbox's own by default. */
  readonly redirectUri?: string
}

const maxAnswerBytes = 65_536
const maxJsonDepth = 8
const sandboxApp = { clientId: '0oaSpa00000000000001', redirectUri: 'http://localhost:3000/callback' }

const otherApp =
  'for a seed of your own set OKTA_ORG_URL and OKTA_API_TOKEN to what the sandbox prints, so that its app is found'

/**
 * Signs a user in at a sandbox, with authorization code and PKCE as an app would, and resolves to the user's
 * access token. A real org is refused: it asks for passwords, and those have no place here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636
 */
export async function signInAtSandbox({
  issuer,
  login,
  appId = sandboxApp.clientId,
  redirectUri = sandboxApp.redirectUri,
}: SignIn): Promise<string> {
  if (!isLoopback(URL.parse(issuer)?.hostname ?? ''))
    throw new UsageError(
      '--sign-in works with a sandbox on this machine only; elsewhere give --assertion FILE',
    )
  const { signIn } = await import('@behalf/sandbox/testing')
  const verifier = randomBytes(32).toString('base64url')
  const authorizationUrl = `${issuer}/v1/authorize?${new URLSearchParams({
    client_id: appId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: randomBytes(8).toString('hex'),
    code_challenge: hash('sha256', verifier, 'base64url'),
    code_challenge_method: 'S256',
  })}`
  const callback = await atSandbox(() => signIn({ authorizationUrl, login }))
  const code = callback.searchParams.get('code')
  if (code === null)
    throw new CommandError(
      `the sandbox did not sign the user in: ${errorOf(callback.searchParams)}; ${otherApp}`,
    )
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: appId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
  })
  const answer = await atSandbox(() => fetch(`${issuer}/v1/token`, { method: 'POST', body }))
  const issued = parseStrictJson((await readText(answer, maxAnswerBytes)) ?? '', maxJsonDepth)
  const token = issued.ok && isJsonObject(issued.value) ? issued.value['access_token'] : undefined
  if (typeof token !== 'string') throw new CommandError('the sandbox issued no access token for the user')
  return token
}

/** The code of RFC 6749 §4.1.2.1, and nothing else of what was answered. */
function errorOf(parameters: URLSearchParams): string {
  const error = parameters.get('error') ?? ''
  return /^[a-z_]{1,40}$/.test(error) ? error : 'no code came back'
}

async function atSandbox<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    // What the sign-in says about itself is safe: a path and a status.
    if (error instanceof Error && error.message.startsWith('sign-in '))
      throw new CommandError(`${error.message}; is there such a user? ${otherApp}`)
    const { code, remedy } = whyUnreachable(error)
    throw new CommandError(`the sandbox cannot be reached: ${code}; ${remedy}`)
  }
}
