import { type Clock, type Fetch, systemClock, type Telemetry } from '@behalf/core'
import {
  aClock,
  aFunction,
  aListOf,
  aName,
  aNameOrNames,
  anObject,
  anObjectWithMethods,
  aPlainUrl,
  aTelemetry,
  aUrl,
  aWholeNumber,
  findOptionFaults,
  harmless,
  hostNames,
  type InsecureHosts,
  isObject,
  isTrustworthyUrl,
  type OptionRules,
  oneOf,
  readInsecureHosts,
  readSealingKey,
  readSecretKey,
  refuseOptions,
  runtimeFetch,
  type SealingKey,
  secretKeys,
} from '@behalf/core/internal'
import type { ClientAuth } from '../authentication/client-auth.ts'
import { readSigningKey, type SigningKey, type SigningKeyOptions } from '../authentication/signing-key.ts'
import { type EntryEncryption, encryptedWith, unencrypted } from '../cache/entry-encryption.ts'
import type { MemoryLimits } from '../cache/memory-cache.ts'
import type { TokenStore } from '../cache/shared-store.ts'
import type { SealOptions } from '../sealing/seal-options.ts'
import { guardWarnings, type OnWarning, warnProcess } from '../warning.ts'
import type { CacheOptions, ClientOptions } from './options.ts'
import { aResource } from './resource.ts'

/** {@link ClientOptions}, checked and complete. */
export interface Settings {
  readonly issuer: string
  readonly clientId: string
  readonly auth: ClientAuth
  readonly resource: string | undefined
  /** What assertions are sealed for; undefined sends them as they are. */
  readonly seal: { readonly key: SealingKey } | { readonly jwksUri: string } | undefined
  readonly dpopKey: (SigningKey & { readonly proof: NonNullable<SigningKey['proof']> }) | undefined
  readonly tokenEndpoint: string | undefined
  readonly expectedAudiences: readonly string[] | undefined
  readonly subject: 'assertion' | 'keep'
  readonly allowedOrigins: ReadonlySet<string>
  readonly insecureHosts: InsecureHosts
  readonly memory: MemoryLimits
  readonly renewBeforeSeconds: number
  readonly store: TokenStore | undefined
  readonly entryEncryption: EntryEncryption
  /** Whether what lies in the store can only be this client's own. */
  readonly encryptsStore: boolean
  readonly storeTimeoutMs: number
  readonly timeoutMs: number
  readonly warn: OnWarning
  readonly fetch: Fetch
  readonly clock: Clock
  readonly random: () => number
  readonly telemetry: Telemetry | undefined
}

const cacheRules: OptionRules<keyof CacheOptions> = {
  maxEntries: aWholeNumber(1, 10_000_000),
  maxBytes: aWholeNumber(65_536, 2 ** 40),
  renewBeforeSeconds: aWholeNumber(0, 3_600),
  store: anObjectWithMethods('a store', 'get', 'set', 'delete'),
  encryptionKeys: secretKeys,
  storeTimeoutMs: aWholeNumber(1, 10_000),
}

const clientRules = (insecureHosts: InsecureHosts): OptionRules<keyof ClientOptions> => ({
  issuer: { ...aPlainUrl(insecureHosts), required: true },
  clientId: { ...aName, expected: 'a client id', required: true },
  auth: {
    required: true,
    expected: 'clientSecretBasic(…), clientSecretPost(…) or privateKeyJwt(…)',
    holds: (value) =>
      isObject(value) &&
      'faults' in value &&
      'authenticate' in value &&
      typeof value.authenticate === 'function',
  },
  resource: aResource,
  seal: {
    expected: 'an object with either a key or a jwksUri',
    holds: (value) => isObject(value) && 'key' in value !== 'jwksUri' in value,
    members: { key: { expected: 'a public key as a JWK', holds: isObject }, jwksUri: aUrl(insecureHosts) },
  },
  dpop: {
    expected: 'an object with a privateKey or a signer',
    holds: (value) => isObject(value) && ('privateKey' in value || 'signer' in value),
  },
  tokenEndpoint: aUrl(insecureHosts),
  expectedAudience: { ...aNameOrNames, expected: `${aNameOrNames.expected}; leave it out to check none` },
  subject: oneOf('assertion', 'keep'),
  allowedOrigins: aListOf(
    'origins such as https://b.example, without a path (http only on loopback and on hosts that insecureHosts names)',
    (item) => isOrigin(item, insecureHosts),
  ),
  insecureHosts: hostNames,
  cache: anObject(cacheRules),
  timeoutMs: aWholeNumber(1, 120_000),
  onWarning: aFunction,
  fetch: aFunction,
  clock: aClock,
  random: aFunction,
  telemetry: aTelemetry,
})

/**
 * Checks options and fills in their defaults.
 *
 * @throws TypeError - names everything that is missing, unknown or unusable, without values
 */
export function resolveOptions(options: ClientOptions): Settings {
  if (!isObject(options)) refuseOptions('createClient', ['expected an object'])
  const { auth, cache = {}, dpop, expectedAudience } = options
  const seal = readSeal(options.seal)
  const dpopKey = isObject(dpop) ? readDpopKey(dpop) : undefined
  const insecureHosts = readInsecureHosts(options)
  refuseOptions('createClient', [
    ...findOptionFaults(options, clientRules(insecureHosts)),
    ...(Array.isArray(auth?.faults) ? auth.faults.map((fault) => `auth: ${fault}`) : []),
    ...(typeof seal === 'string' ? [`seal.key: ${seal}`] : []),
    ...(typeof dpopKey === 'string'
      ? [`dpop.${'signer' in Object(dpop) ? 'signer' : 'privateKey'}: ${dpopKey}`]
      : []),
    ...(cache?.encryptionKeys !== undefined && cache.store === undefined
      ? ['cache.encryptionKeys: expected a store beside it; nothing else is encrypted']
      : []),
  ])
  const [first, ...others] = (cache.encryptionKeys ?? []).flatMap((key) => readSecretKey(key) ?? [])
  return {
    issuer: options.issuer,
    clientId: options.clientId,
    auth,
    resource: options.resource,
    seal: typeof seal === 'string' ? undefined : seal,
    dpopKey: typeof dpopKey === 'string' ? undefined : dpopKey,
    tokenEndpoint: options.tokenEndpoint,
    expectedAudiences: typeof expectedAudience === 'string' ? [expectedAudience] : expectedAudience,
    subject: options.subject ?? 'assertion',
    allowedOrigins: new Set(options.allowedOrigins),
    insecureHosts,
    memory: { maxEntries: cache.maxEntries ?? 10_000, maxBytes: cache.maxBytes ?? 67_108_864 },
    renewBeforeSeconds: cache.renewBeforeSeconds ?? 60,
    store: cache.store,
    entryEncryption: first === undefined ? unencrypted : encryptedWith([first, ...others]),
    encryptsStore: first !== undefined,
    storeTimeoutMs: cache.storeTimeoutMs ?? 200,
    timeoutMs: options.timeoutMs ?? 10_000,
    warn: guardWarnings(options.onWarning ?? warnProcess),
    fetch: isFetch(options.fetch) ? options.fetch : runtimeFetch,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    telemetry: harmless(options.telemetry),
  }
}

/** A string says why the key cannot be used. */
function readSeal(seal: SealOptions | undefined): Settings['seal'] | string {
  if (!isObject(seal)) return undefined
  if ('jwksUri' in seal) return seal
  const key = isObject(seal.key) ? readSealingKey(seal.key) : undefined
  return isObject(key) ? { key } : key
}

function isOrigin(value: unknown, insecureHosts: InsecureHosts): boolean {
  return (
    typeof value === 'string' && isTrustworthyUrl(value, insecureHosts) && new URL(value).origin === value
  )
}

/** Proofs carry the public key. */
function readDpopKey(options: SigningKeyOptions): Settings['dpopKey'] | string {
  const key = readSigningKey(options)
  if (typeof key === 'string') return key
  const { proof } = key
  return proof === undefined ? 'expected a signer with its publicKey as a JWK' : { ...key, proof }
}

/** A library's own `Response` is read by the same members as the runtime's. */
function isFetch(fetch: unknown): fetch is Fetch {
  return typeof fetch === 'function'
}
