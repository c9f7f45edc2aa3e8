import type { Fetch } from '@behalf/core'
import * as v from 'valibot'
import { closedObject } from '../errors/schema-faults.ts'
import { isArn, parseSecretArn } from '../secrets/aws/secret-arn.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import type { SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { name, url, wholeNumberOr } from './values.ts'

/** Asks an issuer about each token that is presented, before it is exchanged. */
export interface IntrospectionConfig {
  /** The client that asks: one of the issuer's own server, e.g. API A's. */
  readonly clientId: string
  /**
   * Its secret, or a function that fetches it, in the header `Authorization`: docs/configuration.md#secrets-from-a-function.
   * An undefined secret is a fault.
   */
  readonly clientSecret: string | SecretSource | undefined
  /** Where tokens are asked about. Default what the issuer's metadata says, then on its own origin only. */
  readonly endpoint?: string | undefined
  /** How long the issuer may take; what takes longer is denied. 50 to 2 000. Default 800. */
  readonly timeoutMs?: number | undefined
  /** For how long an answer counts when the same token comes again. 0 to 60. Default 5. */
  readonly cacheSeconds?: number | undefined
  /** What makes the calls. Default the runtime's `fetch`. */
  readonly fetch?: Fetch | undefined
}

export type ResolvedIntrospection = Settled<IntrospectionConfig, 'endpoint' | 'fetch' | 'clientSecret'> & {
  readonly clientSecret: string | SecretSource
}

/** One sentence each, because a schema's own quote the value. */
const clientSecret = v.custom<string | SecretSource | undefined>(() => true)
const usableSecret = v.pipe(
  clientSecret,
  v.check(
    (value) => typeof value === 'function' || (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)),
    'must be visible ASCII or a function; is the environment variable set?',
  ),
  v.check(
    (value) => !isArn(value) || parseSecretArn(value) !== undefined,
    'is no ARN of a Secrets Manager secret or an SSM parameter',
  ),
  v.check((value) => parseSecretArn(value) === undefined, 'is an ARN; ARNs are resolved on AWS Lambda only'),
  v.transform((value): string | SecretSource => value ?? ''),
)

export const introspection: SectionSchema<IntrospectionConfig, ResolvedIntrospection> = closedObject({
  clientId: name,
  clientSecret: usableSecret,
  endpoint: v.optional(url),
  timeoutMs: wholeNumberOr(800, 50, 2_000),
  cacheSeconds: wholeNumberOr(5, 0, 60),
  fetch: v.optional(v.custom<Fetch>((value) => typeof value === 'function', 'must be a function')),
})
