import type { ServedRequest, TokenRequestNote } from '@behalf/sandbox'
import { faint, type Line, line } from '../terminal/line.ts'

/** Returns one line about a request that the org has answered: what, for whom, what the hook made of it, how long. */
export function requestLine({ method, path, status, durationMs, token }: ServedRequest): Line {
  const about = token === undefined ? '' : `  ${describe(token)}`
  return line`${faint(`${method} ${path}`)} ${String(status)}${about}${faint(`  ${durationMs} ms`)}`
}

function describe({ clientId, grantType, login, hook }: TokenRequestNote): string {
  const who = login === undefined ? clientId : `${login} by ${clientId}`
  switch (hook?.kind) {
    case undefined:
      return `${who}, ${grantType}: plain, no hook is called`
    case 'applied':
      return `${who}, ${grantType}: changed by the hook`
    case 'unchanged':
      return `${who}, ${grantType}: plain, the hook changed nothing`
    case 'denied':
      return `${who}, ${grantType}: denied by the hook: ${hook.reason}`
    case 'failed':
      return `${who}, ${grantType}: plain, the hook failed: ${hook.reason}`
  }
}
