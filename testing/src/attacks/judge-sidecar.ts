import type { Attack } from './attack.ts'
import type { Complaint } from './judge.ts'
import type { HookReply } from './target.ts'

/**
 * Judges what a sidecar answered to an attack: whoever gets no token has asked nothing of cache and Okta, and whoever may
 * not pass is told nothing that an API would believe.
 */
export function judgeSidecar({ expect }: Attack, reply: HookReply, hasAsked: boolean): Complaint {
  if (expect.sidecar === undefined) return 'the attack expects nothing of a sidecar'
  if (reply === 'closed') return 'the connection was closed'
  const found = [String(reply.status), ...errorOf(reply.body)].join(' ')
  if (found !== expect.sidecar) return found
  if (reply.status === 200) return undefined
  if (hasAsked) return 'the cache or Okta was asked'
  if (reply.body.includes('eyJ')) return 'the answer shows a token'
  const told = Object.keys(reply.headers).find((name) => name.startsWith('x-behalf-'))
  return told === undefined ? undefined : `the refusal has ${told}`
}

function errorOf(body: string): readonly string[] {
  const error = /^\{"error":"(\w+)"/.exec(body)?.[1]
  return error === undefined ? [] : [error]
}
