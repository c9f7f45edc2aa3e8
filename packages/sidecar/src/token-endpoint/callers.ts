import { Buffer } from 'node:buffer'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Result } from '@behalf/core'
import {
  aListOf,
  fail,
  isLoopback,
  isObject,
  isPartyName,
  type OptionRule,
  pass,
} from '@behalf/core/internal'
import type { HttpCall } from '../http/call.ts'
import { type OAuthFault, refuse } from './oauth-fault.ts'

/** Callers that authenticate with a secret of their own, as `client_secret_basic`. */
export interface CallersWithSecrets {
  /** By the caller's id: its secret, or two while one replaces the other; 16 characters or more. */
  readonly secrets: Readonly<Record<string, string | readonly string[]>>
}

/**
 * Who may ask for tokens: `'loopback'` is whoever is on this machine, `'certificate'` whoever TLS has authenticated (only
 * where `startSidecar` serves), and otherwise those who know a secret.
 */
export type Callers = 'loopback' | 'certificate' | CallersWithSecrets

/** Admits a caller by its name, undefined for one without, or says why not. */
export type Admission = (call: HttpCall) => Result<string | undefined, OAuthFault>

const aSecret = (value: unknown): boolean =>
  typeof value === 'string' && value.length >= 16 && /^[\x21-\x7e]+$/.test(value)
const secretRule = aListOf('secrets', aSecret)

/** What `callers` must be. */
export const callersRule: OptionRule = {
  expected:
    "'loopback', 'certificate', or an object of secrets by caller's id, each 16 characters of visible ASCII or more",
  holds: (value) =>
    value === 'loopback' ||
    value === 'certificate' ||
    (isObject(value) &&
      Object.keys(value).join() === 'secrets' &&
      'secrets' in value &&
      isObject(value.secrets) &&
      Object.keys(value.secrets).length > 0 &&
      Object.entries(value.secrets).every(
        ([id, secret]) => isPartyName(id) && (aSecret(secret) || secretRule.holds(secret)),
      )),
}

/** What proxies say of those for whom they call. */
const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * Makes what admits callers. A web page is never one: whatever brings an `Origin` is refused, and on loopback whatever
 * calls this machine by another name, as a page does whose own name was made to lead here, and whatever a proxy hands on.
 */
export function createAdmission(callers: Callers): Admission {
  const admit = admissionOf(callers)
  return (call) =>
    call.header('origin').length > 0 ? fail(forbid('requests with an Origin are refused')) : admit(call)
}

function admissionOf(callers: Callers): Admission {
  if (callers === 'loopback')
    return ({ hosts, header }) => {
      if (hosts.length === 0 || !hosts.every(isThisMachine))
        return fail(forbid('the Host is not this machine'))
      return forwarding.some((name) => header(name).length > 0)
        ? fail(forbid('the request was forwarded, so its caller may be on another machine'))
        : pass(undefined)
    }
  if (callers === 'certificate')
    return ({ isCertified }) =>
      isCertified ? pass(undefined) : fail(unauthenticated('a client certificate is needed', {}))
  const digests = new Map(
    Object.entries(callers.secrets).map(([id, secret]) => [id, [secret].flat().map(digest)]),
  )
  const challenge = { 'www-authenticate': 'Basic realm="behalf", charset="UTF-8"' }
  return ({ header }) => {
    const credentials = readBasic(header('authorization'))
    if (credentials === undefined) return fail(unauthenticated('client_secret_basic is needed', challenge))
    const presented = digest(credentials.secret)
    // Whoever is not known takes as long to refuse.
    const known = digests.get(credentials.id) ?? [digest('')]
    const matches = known.filter((expected) => timingSafeEqual(expected, presented))
    return matches.length > 0 && digests.has(credentials.id)
      ? pass(credentials.id)
      : fail(unauthenticated('the client is unknown, or its secret is another', challenge))
  }
}

function isThisMachine(host: string): boolean {
  const name = /^(\[[0-9a-fA-F:.]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1]
  return name !== undefined && isLoopback(name.toLowerCase())
}

/** Id and secret are form-encoded before they are put together (RFC 6749 §2.3.1). */
function readBasic([value = '', ...others]: readonly string[]):
  | { readonly id: string; readonly secret: string }
  | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(value) ?? []
  if (encoded === undefined || others.length > 0) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  const [id, secret] = [formDecode(text.slice(0, Math.max(0, colon))), formDecode(text.slice(colon + 1))]
  return colon === -1 || id === undefined || secret === undefined ? undefined : { id, secret }
}

function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function forbid(description: string): OAuthFault {
  return refuse('invalid_request', description, { status: 403 })
}

function unauthenticated(description: string, headers: Readonly<Record<string, string>>): OAuthFault {
  return refuse('invalid_client', description, { status: 401, headers })
}
