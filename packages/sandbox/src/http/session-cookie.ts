import type { IncomingMessage, ServerResponse } from 'node:http'

/** Returns the id of the session that a browser has with the org; empty when it has none. */
export function sessionIdOf({ headers }: IncomingMessage): string {
  return /(?:^|;\s*)sid=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? ''
}

/** Gives the browser the session's id, or takes it away. */
export function setSessionCookie(response: ServerResponse, id: string | undefined): void {
  const value = id === undefined ? 'sid=; Max-Age=0' : `sid=${id}`
  response.appendHeader('set-cookie', `${value}; Path=/; HttpOnly; SameSite=Lax`)
}
