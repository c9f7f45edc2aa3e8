import { Buffer } from 'node:buffer'
import {
  type Clock,
  type Fetch,
  isPartyName,
  isTrustworthyUrl,
  runtimeFetch,
  systemClock,
} from '@behalf/core'
import type { ClientAuth } from './authentication/client-auth.ts'
import { type PrivateKey, readPrivateKey } from './authentication/private-key.ts'
import type { MemoryLimits } from './cache/memory-cache.ts'
import { createSealing, type Sealing, unsealed } from './cache/sealing.ts'
import type { TokenStore } from './cache/shared-store.ts'
import type { CacheOptions, ClientOptions } from './options.ts'
import { guardWarnings, type OnWarning, warnProcess } from './warning.ts'

/** {@link ClientOptions}, checked and complete. */
export interface Settings {
  readonly issuer: string
  readonly clientId: string
  readonly auth: ClientAuth
  readonly dpopKey: PrivateKey | undefined
  readonly tokenEndpoint: string | undefined
  readonly expectedAudiences: readonly string[] | undefined
  readonly subject: 'assertion' | 'keep'
  readonly allowedOrigins: ReadonlySet<string>
  readonly memory: MemoryLimits
  readonly leewaySeconds: number
  readonly store: TokenStore | undefined
  readonly sealing: Sealing
  readonly storeTimeoutMs: number
  readonly timeoutMs: number
  readonly warn: OnWarning
  readonly fetch: Fetch
  readonly clock: Clock
  readonly random: () => number
}

interface Rule {
  readonly required?: true
  readonly expected: string
  readonly holds: (value: unknown) => boolean
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isName = (value: unknown): boolean => typeof value === 'string' && isPartyName(value)
const isUrl = (value: unknown): value is string => typeof value === 'string' && isTrustworthyUrl(value)
const hasMethods = (value: unknown, ...names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => typeof Reflect.get(value, name) === 'function')
const listOf = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(holds)
const aFunction: Rule = { expected: 'a function', holds: (value) => typeof value === 'function' }
const wholeNumber = (min: number, max: number): Rule => ({
  expected: `a whole number from ${min} to ${max}`,
  holds: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
})

const clientRules: Readonly<Record<keyof ClientOptions, Rule>> = {
  issuer: {
    required: true,
    expected: 'an https URL (http only on loopback) without user information, query or fragment',
    holds: (value) => isUrl(value) && !value.includes('?'),
  },
  clientId: { required: true, expected: 'a client id', holds: isName },
  auth: {
    required: true,
    expected: 'clientSecretBasic(…), clientSecretPost(…) or privateKeyJwt(…)',
    holds: (value) => hasMethods(value, 'authenticate') && isObject(value) && 'faults' in value,
  },
  dpop: {
    expected: 'an object with a privateKey',
    holds: (value) => isObject(value) && 'privateKey' in value,
  },
  tokenEndpoint: { expected: 'an https URL (http only on loopback)', holds: isUrl },
  expectedAudience: {
    expected: 'a name or a list of names, at least one; leave it out to check none',
    holds: (value) => isName(value) || listOf(value, isName),
  },
  subject: {
    expected: "'assertion' or 'keep'",
    holds: (value) => value === 'assertion' || value === 'keep',
  },
  allowedOrigins: {
    expected: 'a list of origins such as https://b.example, without a path',
    holds: (value) => listOf(value, (item) => isUrl(item) && new URL(item).origin === item),
  },
  cache: { expected: 'an object', holds: isObject },
  timeoutMs: wholeNumber(1, 120_000),
  onWarning: aFunction,
  fetch: aFunction,
  clock: { expected: 'a Clock', holds: (value) => hasMethods(value, 'now', 'schedule') },
  random: aFunction,
}

const cacheRules: Readonly<Record<keyof CacheOptions, Rule>> = {
  maxEntries: wholeNumber(1, 10_000_000),
  maxBytes: wholeNumber(65_536, 2 ** 40),
  leewaySeconds: wholeNumber(0, 3_600),
  store: {
    expected: 'a store with get, set and delete',
    holds: (value) => hasMethods(value, 'get', 'set', 'delete'),
  },
  encryptionKeys: {
    expected: 'a list of keys of 32 bytes, as bytes or in base64',
    holds: (value) => listOf(value, (item) => readKey(item) !== undefined),
  },
  storeTimeoutMs: wholeNumber(1, 10_000),
}

/**
 * Checks options and fills in their defaults.
 *
 * @throws TypeError - names everything that is missing, unknown or unusable, without values
 */
export function resolveOptions(options: ClientOptions): Settings {
  if (!isObject(options)) refuseFaults(['expected an object'])
  const { cache = {}, expectedAudience } = options
  const dpopKey = isObject(options.dpop) ? readPrivateKey(options.dpop) : undefined
  refuseFaults([
    ...findFaults(options, clientRules, ''),
    ...(isObject(cache) ? findFaults(cache, cacheRules, 'cache.') : []),
    ...(Array.isArray(options.auth?.faults) ? options.auth.faults.map((fault) => `auth: ${fault}`) : []),
    ...(typeof dpopKey === 'string' ? [`dpop.privateKey: ${dpopKey}`] : []),
    ...(cache?.encryptionKeys !== undefined && cache.store === undefined
      ? ['cache.encryptionKeys: expected a store beside it; nothing else is encrypted']
      : []),
  ])
  const [first, ...others] = (cache.encryptionKeys ?? []).flatMap((key) => readKey(key) ?? [])
  return {
    issuer: options.issuer,
    clientId: options.clientId,
    auth: options.auth,
    dpopKey: typeof dpopKey === 'string' ? undefined : dpopKey,
    tokenEndpoint: options.tokenEndpoint,
    expectedAudiences: typeof expectedAudience === 'string' ? [expectedAudience] : expectedAudience,
    subject: options.subject ?? 'assertion',
    allowedOrigins: new Set(options.allowedOrigins),
    memory: { maxEntries: cache.maxEntries ?? 10_000, maxBytes: cache.maxBytes ?? 67_108_864 },
    leewaySeconds: cache.leewaySeconds ?? 60,
    store: cache.store,
    sealing: first === undefined ? unsealed : createSealing([first, ...others]),
    storeTimeoutMs: cache.storeTimeoutMs ?? 200,
    timeoutMs: options.timeoutMs ?? 10_000,
    warn: guardWarnings(options.onWarning ?? warnProcess),
    fetch: options.fetch ?? runtimeFetch,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  }
}

/** A setting that is there but undefined is a fault: it is what a missing environment variable looks like. */
function findFaults(given: object, rules: Readonly<Record<string, Rule>>, path: string): readonly string[] {
  const faults = Object.entries(rules).flatMap(([name, { required, expected, holds }]) => {
    if (!Object.hasOwn(given, name)) return required ? [`${path}${name}: missing; expected ${expected}`] : []
    return holds(Reflect.get(given, name)) ? [] : [`${path}${name}: expected ${expected}`]
  })
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(rules, name))
  return [
    ...faults,
    ...unknown.map((name) => `${path}${name}: unknown; expected one of ${Object.keys(rules).join(', ')}`),
  ]
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length === 0) return
  throw new TypeError(
    `createClient: the options are unusable\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
  )
}

function readKey(key: unknown): Uint8Array | undefined {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : key
  return bytes instanceof Uint8Array && bytes.length === 32 ? bytes : undefined
}
