import type { Access } from '@behalf/verify'

/** The header values of an access. */
type AccessHeaders = Readonly<Record<AccessHeader, string>>

/** Every header that says who calls; all are set with every request that may pass. */
export const accessHeaders = [
  'x-behalf-kind',
  'x-behalf-issuer',
  'x-behalf-subject',
  'x-behalf-user-issuer',
  'x-behalf-user-subject',
  'x-behalf-client',
  'x-behalf-actor',
  'x-behalf-actor-profile',
  'x-behalf-actors',
  'x-behalf-scopes',
  'x-behalf-expires-at',
] as const

/** A header that says who calls. */
export type AccessHeader = (typeof accessHeaders)[number]

/**
 * Says who calls, in headers for the API behind the proxy; empty where there is no value. What is no visible ASCII is
 * percent-encoded UTF-8, and so is `%`. Lists are separated by blanks.
 */
export function describeAccess(access: Access): AccessHeaders {
  const { kind, issuer, scopes, expiresAt } = access
  const subject = 'subject' in access ? access.subject : ''
  const user = 'user' in access ? access.user : { issuer: '', subject: '' }
  const actors = 'actors' in access ? access.actors : []
  const [actor] = actors
  return {
    'x-behalf-kind': kind,
    'x-behalf-issuer': encode(issuer),
    'x-behalf-subject': encode(subject),
    'x-behalf-user-issuer': encode(user.issuer),
    'x-behalf-user-subject': encode(user.subject),
    'x-behalf-client': encode('client' in access ? access.client : access.actor.sub),
    'x-behalf-actor': encode(actor?.sub ?? ''),
    'x-behalf-actor-profile': encode(actor?.sub_profile ?? ''),
    'x-behalf-actors': actors.map(({ sub }) => encode(sub)).join(' '),
    'x-behalf-scopes': scopes.map(encode).join(' '),
    'x-behalf-expires-at': String(expiresAt),
  }
}

/**
 * Says whether a header is, or could be taken for, one of those.
 *
 * @param name - as {@link plainName} spells it
 */
export function isAccessHeader(name: string): boolean {
  return name.startsWith('x-behalf-')
}

function encode(text: string): string {
  return /^[!-$&-~]*$/.test(text)
    ? text
    : text.replace(/[^!-$&-~]+/g, (part) =>
        [...new TextEncoder().encode(part)]
          .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
          .join(''),
      )
}
