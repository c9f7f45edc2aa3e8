import type { JsonObject } from '@behalf/core'
import { readOktaCredentials } from '../okta/credentials.ts'
import { connectToOkta } from '../okta/management-api.ts'
import { textAt, textsAt } from '../okta/members.ts'
import { patienceOf } from '../okta/rate-limit.ts'
import { CommandError, type Terminal } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'

/** The app that a user signs in to, and where it takes the user back. */
export interface SignInApp {
  readonly appId: string
  readonly redirectUri: string
}

/**
 * Asks the org of an issuer which app signs users in: the one that is named, or the only public one. The org is asked
 * only when `OKTA_ORG_URL` is the issuer's own, so that a token goes nowhere else.
 *
 * @returns undefined when there are no credentials for that org
 */
export async function findSignInApp(
  issuer: string,
  appId: string | undefined,
  terminal: Terminal,
): Promise<SignInApp | undefined> {
  const { OKTA_ORG_URL } = terminal.env
  if (!OKTA_ORG_URL || URL.parse(OKTA_ORG_URL)?.origin !== URL.parse(issuer)?.origin) return undefined
  const credentials = await readOktaCredentials(terminal.env)
  if (credentials === undefined) return undefined
  const api = await connectToOkta(credentials, patienceOf(terminal))
  if (appId !== undefined) {
    const named = await api.find(`/api/v1/apps/${encodeURIComponent(appId)}`)
    if (named === undefined)
      throw new CommandError(`the org has no app ${printable(appId)}; choose another with --app`)
    return described(named)
  }
  const apps = (await api.list('/api/v1/apps?limit=200')).filter(signsIn)
  const [app, ...others] = apps
  if (app === undefined)
    throw new CommandError(
      'the org has no public app with a redirect URI that signs users in; add one to its seed',
    )
  if (others.length > 0) {
    const names = apps.map((each) => `'${printable(textAt(each, 'label'))}' (${printable(clientIdOf(each))})`)
    throw new CommandError(`several apps sign users in: ${names.join(', ')}; choose one with --app`)
  }
  return described(app)
}

/** Without a secret: the sign-in has none. */
function signsIn(app: JsonObject): boolean {
  return (
    app['status'] === 'ACTIVE' &&
    textAt(app, 'credentials', 'oauthClient', 'token_endpoint_auth_method') === 'none' &&
    textsAt(app, 'settings', 'oauthClient', 'grant_types').includes('authorization_code') &&
    redirectUriOf(app) !== undefined
  )
}

function described(app: JsonObject): SignInApp {
  const redirectUri = redirectUriOf(app)
  if (redirectUri === undefined)
    throw new CommandError(
      `the app '${printable(textAt(app, 'label'))}' has no redirect URI, so nobody signs in to it; choose another with --app`,
    )
  return { appId: clientIdOf(app), redirectUri }
}

function clientIdOf(app: JsonObject): string {
  return textAt(app, 'credentials', 'oauthClient', 'client_id')
}

function redirectUriOf(app: JsonObject): string | undefined {
  return textsAt(app, 'settings', 'oauthClient', 'redirect_uris').find(
    (uri) => URL.canParse(uri) && !uri.includes('*'),
  )
}
