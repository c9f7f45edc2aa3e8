import { isPartyName } from '../text/party-name.ts'

/**
 * What becomes of an issuer's `sub` in delegated tokens, so that users of different issuers never meet: a prefix in
 * front, or what a function makes of it. The function must be pure, and give different subjects for different users.
 */
export type SubjectMapping = { readonly prefix: string } | ((subject: string) => string)

/**
 * Maps the subject of a first token; without a mapping it stays as it is.
 *
 * @returns undefined when the result is unusable, or when the operator's function throws
 */
export function mapSubject(mapping: SubjectMapping | undefined, subject: string): string | undefined {
  if (mapping === undefined) return subject
  const mapped = typeof mapping === 'function' ? callMapping(mapping, subject) : `${mapping.prefix}${subject}`
  return isPartyName(mapped) ? mapped : undefined
}

function callMapping(mapping: (subject: string) => string, subject: string): string | undefined {
  try {
    const mapped: unknown = mapping(subject)
    return typeof mapped === 'string' ? mapped : undefined
  } catch {
    // What it throws may quote the subject; an unusable subject says enough.
    return undefined
  }
}
