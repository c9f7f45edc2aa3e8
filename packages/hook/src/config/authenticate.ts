import type { SignatureAlgorithm } from '@behalf/core'
import * as v from 'valibot'
import { closedObject } from '../errors/schema-faults.ts'
import { isArn, parseSecretArn } from '../secrets/aws/secret-arn.ts'
import { whySecretUnusable } from '../secrets/secret.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import { defaultClockToleranceSeconds, type ResolvedIssuer } from './issuers.ts'
import type { SectionSchema } from './section.ts'
import { algorithms, headerName, issuerUrl, names, scope, text, url } from './values.ts'

/**
 * Switches the authentication of the hook's caller off. Anybody who can reach the hook can then ask it for
 * decisions, and learn from them; for experiments on a machine of one's own only. It is a symbol so that it
 * cannot arrive from a file of data or by a slip.
 */
export const dangerouslyAcceptAnyCaller: unique symbol = Symbol('dangerouslyAcceptAnyCaller')

/** Authenticates Okta by a fixed secret in a header. */
export interface SecretAuthentication {
  /** The header's name. Default `'Authorization'`. */
  readonly header?: string | undefined
  /**
   * What the header may hold, verbatim, at least one: 16 to 512 characters of visible ASCII, and spaces between them.
   * Several while rotating, and functions that fetch some: docs/configuration.md#secrets-from-a-function. Undefined
   * members are faults.
   */
  readonly secrets: readonly (string | SecretSource | undefined)[] | SecretSource
}

/** Names what the bearer token must be that Okta calls with. */
export interface BearerConfig {
  /** The issuer of Okta's token. */
  readonly issuer: string
  /** What `aud` must hold. */
  readonly audience: string
  /**
   * The clients that Okta obtains the token as. It must be the access token of one of them, for itself: `sub` is the client,
   * and nothing in it is a user's, an ID token's or a delegation's.
   */
  readonly clientIds: readonly string[]
  /** A scope that the token must carry. Default none. */
  readonly scope?: string | undefined
  /** Where the issuer's keys are. Default what the issuer's metadata says. */
  readonly jwksUri?: string | undefined
  /** Asymmetric ones only. Default `['RS256']`. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
}

/** Authenticates Okta by a bearer token from an authorization server. */
export interface OAuthAuthentication {
  readonly bearer: BearerConfig
}

/** What must hold of the bearer token that Okta calls with. */
export interface BearerAuthentication {
  readonly kind: 'bearer'
  readonly issuer: ResolvedIssuer
  readonly clientIds: readonly string[]
  readonly scope?: string | undefined
}

/** How the caller proves to be Okta. */
export type Authentication =
  | { readonly kind: 'secret'; readonly header: string; readonly secrets: readonly (string | SecretSource)[] }
  | BearerAuthentication
  | { readonly kind: 'none' }

const secret = v.pipe(
  v.string('is missing; is the environment variable set?'),
  v.check(
    (value: string) => whySecretUnusable(value) === undefined,
    ({ input }) => whySecretUnusable(input) ?? '',
  ),
  // An ARN that nobody replaces would count as the secret itself.
  v.check(
    (value) => !isArn(value) || parseSecretArn(value) !== undefined,
    'is no ARN of a Secrets Manager secret or an SSM parameter',
  ),
  v.check((value) => parseSecretArn(value) === undefined, 'is an ARN; ARNs are resolved on AWS Lambda only'),
)
const secretSource = v.custom<SecretSource>((value) => typeof value === 'function')

export const secretAuthentication: SectionSchema<SecretAuthentication, Authentication> = v.pipe(
  closedObject({
    header: v.optional(headerName, 'Authorization'),
    secrets: v.lazy((input) =>
      typeof input === 'function'
        ? secretSource
        : v.pipe(
            v.array(
              v.lazy((member) => (typeof member === 'function' ? secretSource : secret)),
              'must be a list of strings or a function',
            ),
            v.minLength(1, 'must hold at least one secret'),
          ),
    ),
  }),
  v.transform(({ header, secrets }) => ({ kind: 'secret', header, secrets: [secrets].flat() }) as const),
)

export const bearer: SectionSchema<BearerConfig, BearerAuthentication> = v.pipe(
  closedObject({
    issuer: issuerUrl,
    audience: text,
    clientIds: names,
    scope: v.optional(scope),
    jwksUri: v.optional(url),
    algorithms,
  }),
  v.transform(({ audience, clientIds, scope, ...issuer }) => ({
    kind: 'bearer' as const,
    issuer: {
      ...issuer,
      audiences: [audience],
      clockToleranceSeconds: defaultClockToleranceSeconds,
      tokens: 'user' as const,
      dialect: undefined,
    },
    clientIds,
    scope,
  })),
)

const nobody = v.pipe(
  v.literal(dangerouslyAcceptAnyCaller),
  v.transform(() => ({ kind: 'none' }) as const),
)
const oauthAuthentication = v.pipe(
  closedObject({ bearer }),
  v.transform((authentication) => authentication.bearer),
)

/** A union would report that neither form fits; this reports what is wrong with the form that was meant. */
export const authenticate: v.GenericSchema<
  SecretAuthentication | OAuthAuthentication | typeof dangerouslyAcceptAnyCaller,
  Authentication
> = v.lazy((input) => {
  if (input === dangerouslyAcceptAnyCaller) return nobody
  return typeof input === 'object' && input !== null && 'bearer' in input
    ? oauthAuthentication
    : secretAuthentication
})
