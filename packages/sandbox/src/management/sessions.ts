import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiFault, notFound } from '../http/api-fault.ts'
import { replyJson } from '../http/reply.ts'
import { sessionIdOf, setSessionCookie } from '../http/session-cookie.ts'
import type { JsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { OrgSession } from '../org/session.ts'
import { link } from './link.ts'

/** Where a browser asks about its own session: by its cookie, without a token. */
export const ownSessionPath = '/api/v1/sessions/me'

/** Says whose session the browser has (`GET`), or ends it (`DELETE`). */
export function answerOwnSession(org: Org, request: IncomingMessage, response: ServerResponse): void {
  const session = org.sessions.find(sessionIdOf(request))
  if (session === undefined) refuse(response, notFound('me', 'Session'))
  else if (request.method === 'GET') replyJson(response, 200, toDocument(session, org))
  else if (request.method === 'DELETE') {
    org.sessions.end(session.id)
    setSessionCookie(response, undefined)
    response.writeHead(204).end()
  } else refuse(response, new ApiFault('E0000022', 'The endpoint does not support the provided HTTP method'))
}

function refuse(response: ServerResponse, { status, body }: ApiFault): void {
  replyJson(response, status, body)
}

function toDocument({ userId, amr, createdAt, expiresAt }: OrgSession, { users, url }: Org): JsonObject {
  const self = `${url}${ownSessionPath}`
  return {
    // Not the cookie's value, which scripts must not learn.
    id: `102${userId}`,
    userId,
    login: users.get(userId)?.login ?? '',
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    status: 'ACTIVE',
    lastPasswordVerification: new Date(createdAt).toISOString(),
    amr: [...amr],
    idp: { id: '00oSandbox', type: 'OKTA' },
    mfaActive: amr.includes('mfa'),
    _links: { self: link(self, 'GET', 'DELETE'), user: link(`${url}/api/v1/users/${userId}`, 'GET') },
  }
}
