import { defaultClockToleranceSeconds } from '@behalf/core/internal'
import * as v from 'valibot'
import { wholeNumber } from '../config/values.ts'
import type { ConfigFault } from '../errors/config-error.ts'
import { findOptionFaults } from '../errors/option-faults.ts'
import { closedObject } from '../errors/schema-faults.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import { KeptSeals, type SealOptions } from './kept-seals.ts'
import { findRepeated, readSealingKeys } from './read-sealing-keys.ts'
import type { SealStore } from './seal-store.ts'
import type { Sealing } from './sealing.ts'

export type { SealStore } from './seal-store.ts'

/** A private key as a JWK: P-256, with a `kid`. */
export interface SealingJwk {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y: string
  readonly d: string
  readonly kid: string
  readonly [member: string]: unknown
}

/** Where keys are: a JWK, a list of JWKs or a JWK set, each also as JSON; or a function that fetches such JSON. */
export type SealingKeySetting = SealingJwk | { readonly keys: readonly SealingJwk[] } | string | SecretSource

/** How sealed assertions are opened. */
export interface SealingOptions {
  /**
   * The private keys, at least one: the first is the one that clients seal for, the others open what was sealed for them
   * while keys are rotated. Undefined members are faults. On Lambda a text may be an ARN.
   */
  readonly keys: SealingKeySetting | undefined | readonly (SealingKeySetting | undefined)[]
  /** Whether bare assertions are denied, with `seal_required`; false while clients move. Default true. */
  readonly required?: boolean
  /** How far clocks may be apart. 0 to 300. Default 60. */
  readonly clockToleranceSeconds?: number
  /** Remembers used seals for several instances. Default this instance remembers its own. */
  readonly store?: SealStore
  /**
   * How many used seals an instance remembers; when it has no room, exchanges are denied with `overloaded`. A seal is
   * remembered for up to 180 s with the default tolerance. 1 to 10 000 000. Default 200 000.
   */
  readonly maxClaims?: number
}

const isSettable = (value: unknown): boolean =>
  value === undefined || ['object', 'string', 'function'].includes(typeof value)
const optionsSchema = closedObject({
  keys: v.custom(isSettable, 'must be a private JWK, several, JSON of them, or a function'),
  required: v.exactOptional(v.boolean('must be true or false')),
  clockToleranceSeconds: v.exactOptional(wholeNumber(0, 300)),
  store: v.exactOptional(
    v.custom<SealStore>(
      (value) =>
        typeof value === 'object' && value !== null && typeof Reflect.get(value, 'claim') === 'function',
      'must be an object with the method claim',
    ),
  ),
  maxClaims: v.exactOptional(wholeNumber(1, 10_000_000)),
})

/**
 * Opens sealed assertions: encrypted by the client for a key of this hook, for itself, for one authorization server, and
 * for the next two minutes, so that what Okta's log and traces keep of the URL is of no use to anybody else. Any fault is
 * kept in `faults`, and `createHook` refuses to start with it. Each seal can be used once at each instance, or at all of
 * them with a `store`.
 *
 * @example
 * ```ts
 * import { defineConfig } from '@behalf/hook'
 * import { sealed } from '@behalf/hook/sealing'
 *
 * export default defineConfig({
 *   authenticate: { secrets: [process.env['HOOK_SECRET']] },
 *   issuers: [{ issuer: 'https://example.okta.com/oauth2/users', audiences: ['api://a'] }],
 *   clients: { '0oaApiA': { scopes: ['orders:read'] } },
 *   sealing: sealed({ keys: process.env['SEALING_KEYS'] }),
 * })
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc7516
 */
export function sealed(options: SealingOptions): Sealing {
  const misused = findOptionFaults('sealing', optionsSchema, options)
  if (misused.length > 0) return faultySealing(misused)
  const { required = true, clockToleranceSeconds = defaultClockToleranceSeconds } = options
  const { keys, store, maxClaims = 200_000 } = options
  const settings: readonly unknown[] = Array.isArray(keys) ? keys : [keys]
  return sealingOf(settings, Array.isArray(keys), { required, clockToleranceSeconds, store, maxClaims })
}

/** Private halves are kept by the keys alone, so that nothing that is printed of it has one. */
function sealingOf(settings: readonly unknown[], areListed: boolean, options: SealOptions): Sealing {
  const parts = settings.map((setting) => (isSource(setting) ? setting : readSealingKeys(setting)))
  const faults = parts.flatMap((part, index) =>
    typeof part === 'function'
      ? []
      : placed(part.faults, areListed ? `sealing.keys[${index}]` : 'sealing.keys'),
  )
  const known = parts.map((part) => (typeof part === 'function' ? part : part.keys))
  const repeated = findRepeated(known.flatMap((part) => (typeof part === 'function' ? [] : part)))
  return {
    faults: [
      ...(settings.length === 0 ? [{ path: 'sealing.keys', problem: 'must hold at least one key' }] : []),
      ...faults,
      ...(faults.length === 0 ? placed(repeated, 'sealing.keys') : []),
    ],
    withSources: (sourceOf) =>
      sealingOf(
        settings.map((setting) => (typeof setting === 'string' ? (sourceOf(setting) ?? setting) : setting)),
        areListed,
        options,
      ),
    start: (surroundings) => new KeptSeals(known, options, surroundings),
  }
}

function placed(faults: readonly ConfigFault[], place: string): readonly ConfigFault[] {
  return faults.map(({ path, problem }) => ({ path: `${place}${path}`, problem }))
}

function isSource(setting: unknown): setting is SecretSource {
  return typeof setting === 'function'
}

/** What is made of options that are no options; a hook does not start with it. */
function faultySealing(faults: readonly ConfigFault[]): Sealing {
  return {
    faults,
    withSources: () => faultySealing(faults),
    start: () => {
      throw new TypeError('the options of sealed are faulty')
    },
  }
}
