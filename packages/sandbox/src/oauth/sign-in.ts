import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { escapeHtml, replyHtml } from '../http/reply.ts'
import { readBody } from '../http/request-body.ts'
import { setSessionCookie } from '../http/session-cookie.ts'
import type { AuthorizationServer } from '../org/authorization-server.ts'
import { epochSeconds } from '../org/clock.ts'
import type { Org } from '../org/org.ts'
import type { User } from '../org/user.ts'
import { reachAssurance } from './assurance.ts'

/** The sign-in page: whoever names a login is signed in, no password is asked. */
export interface SignInPage {
  /** Shows the form (`GET`) or signs in (`POST`). */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** Creates the sign-in page of one authorization server; `secret` keys the token that protects its form. */
export function createSignInPage(
  org: Org,
  server: AuthorizationServer,
  provider: Provider,
  secret: Buffer,
): SignInPage {
  const tokenOf = (uid: string): string => createHmac('sha256', secret).update(uid).digest('base64url')
  const show = (response: ServerResponse, status: number, uid: string, app: string, fault?: string): void =>
    replyHtml(response, status, renderPage(org, server, app, tokenOf(uid), fault))
  return {
    async handle(request, response) {
      const interaction = await provider.interactionDetails(request, response).catch((error: unknown) => {
        if (error instanceof errors.SessionNotFound) return undefined
        throw error
      })
      if (interaction === undefined) {
        replyHtml(response, 400, '<!doctype html><p>This sign-in has expired. Start again at the app.</p>')
        return
      }
      const clientId = String(interaction.params['client_id'])
      const app = org.apps.get(clientId)?.label ?? clientId
      if (request.method !== 'POST') return show(response, 200, interaction.uid, app)
      const form = new URLSearchParams(await readBody(request))
      if (!isSame(form.get('csrf') ?? '', tokenOf(interaction.uid))) {
        return show(response, 403, interaction.uid, app, 'The form was not sent from this page.')
      }
      const login = form.get('login')
      const user = [...org.users.values()].find((candidate) => candidate.login === login)
      if (user?.status !== 'ACTIVE')
        return show(response, 401, interaction.uid, app, 'Nobody has this login.')
      const { amr, ...level } = reachAssurance(interaction.params['acr_values'], amrOf(form, user))
      setSessionCookie(response, org.sessions.begin(user, amr))
      const signIn = { accountId: user.id, ts: epochSeconds(org.clock), amr: [...amr], ...level }
      await provider.interactionFinished(request, response, { login: signIn })
    },
  }
}

/** How the user signs in this time: what a test says, else what is known of the user. */
function amrOf(form: URLSearchParams, { amr }: User): string[] {
  const asked = form.getAll('amr')
  return asked.length === 0 ? [...amr] : asked
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function renderPage(
  org: Org,
  server: AuthorizationServer,
  app: string,
  csrf: string,
  fault?: string,
): string {
  const users = [...org.users.values()].map(({ login }) => `<option value="${escapeHtml(login)}">`).join('')
  const [first] = org.users.values()
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to ${escapeHtml(app)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 15vh auto; padding: 0 1rem }
input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin: .25rem 0 1rem }
[role=alert] { color: #b00020 }
</style>
<h1>Sign in</h1>
<p>to <strong>${escapeHtml(app)}</strong> with the local org's server <code>${escapeHtml(server.id)}</code></p>
${fault === undefined ? '' : `<p role="alert">${escapeHtml(fault)}</p>`}
<form method="post">
<input type="hidden" name="csrf" value="${escapeHtml(csrf)}">
<label for="login">Login</label>
<input id="login" name="login" list="users" required autofocus value="${escapeHtml(first?.login ?? '')}">
<datalist id="users">${users}</datalist>
<button>Sign in</button>
</form>
</html>
`
}
