import type { DialectName, OwnDialect, SignatureAlgorithm, SubjectMapping } from '@behalf/core'
import {
  type Dialect,
  dialects,
  findDialectFaults,
  isObject,
  isPartyName,
  resolveDialect,
} from '@behalf/core/internal'
import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { closedObject } from '../errors/schema-faults.ts'
import { type IntrospectionConfig, introspection, type ResolvedIntrospection } from './introspection.ts'
import { relation, type SectionSchema } from './section.ts'
import type { Settled } from './settled.ts'
import { algorithms, issuerUrl, name, names, oneOf, url, wholeNumberOr } from './values.ts'

/** Trusts an issuer whose access tokens can be exchanged. */
export interface IssuerConfig {
  /** Compared with `iss` character by character. `https`, or `http` on loopback and `insecureHosts`. */
  readonly issuer: string
  /** The APIs that may present tokens of this issuer; one of them must be in `aud`. */
  readonly audiences: readonly string[]
  /**
   * What it issues that can be exchanged: `'user'`, people's own tokens, or `'delegated'`, what this hook made of them, so
   * that chains can grow. A server that issues both cannot be told what a token is: docs/two-servers.md. Default `'user'`.
   */
  readonly tokens?: 'user' | 'delegated' | undefined
  /**
   * How its tokens speak, above all what proves a user in them: `okta`, `entra`, `auth0`, `keycloak`, `cognito`, `zitadel`,
   * or an object with `userClaims`: docs/who-is-a-user.md. Default `'okta'` for issuers whose path is `/oauth2/<id>`;
   * others must name theirs.
   */
  readonly dialect?: DialectName | OwnDialect | undefined
  /** Whose people it vouches for; issuers of one `org` count as one. Default the issuer itself. */
  readonly org?: string | undefined
  /**
   * What becomes of its subjects in delegated tokens: `{ prefix }` or a function. Of issuers of users' tokens that are not
   * of one `org`, all but one need it. Default they stay as they are.
   */
  readonly subject?: SubjectMapping | undefined
  /** Where the keys are. Default what the issuer's metadata says, then on its own origin only. */
  readonly jwksUri?: string | undefined
  /** Asymmetric ones only; RS256 is what Okta signs with. Default `['RS256']`. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  /** For `nbf` and `iat`. `exp` gets none: docs/decisions/0002-no-leeway-for-exp.md. 0 to 300. Default 60. */
  readonly clockToleranceSeconds?: number | undefined
  /**
   * Asks the issuer about each of its tokens that is presented, as RFC 7662 has it: docs/configuration.md#introspection. What
   * is not plainly active is denied, and so is everything while the issuer cannot be asked. Default nobody is asked.
   */
  readonly introspection?: IntrospectionConfig | undefined
}

/** An issuer with its defaults filled in. */
export interface ResolvedIssuer
  extends Settled<Omit<IssuerConfig, 'dialect' | 'introspection'>, 'jwksUri' | 'org' | 'subject'> {
  /** Undefined where it says nothing about users: of issuers of delegated tokens, and of Okta's own call. */
  readonly dialect: Dialect | undefined
  readonly introspection?: ResolvedIntrospection | undefined
}

export const defaultClockToleranceSeconds = 60

const dialect = v.pipe(
  v.custom<DialectName | OwnDialect>(() => true),
  v.rawCheck<DialectName | OwnDialect>(({ dataset, addIssue }) => {
    if (dataset.typed) for (const message of findDialectFaults(dataset.value)) addIssue({ message })
  }),
)
const subjectMapping = v.custom<SubjectMapping>(
  (value) => typeof value === 'function' || (isObject(value) && isPrefix(value)),
  'must be a function, or an object with a prefix alone: 1 to 64 characters',
)

function isPrefix(value: object): boolean {
  const { prefix, ...others }: { prefix?: unknown } = value
  return (
    typeof prefix === 'string' &&
    prefix.length <= 64 &&
    isPartyName(prefix) &&
    Object.keys(others).length === 0
  )
}

const members = closedObject({
  issuer: issuerUrl,
  audiences: names,
  tokens: oneOf('user', 'delegated'),
  dialect: v.optional(dialect),
  org: v.optional(name),
  subject: v.optional(subjectMapping),
  jwksUri: v.optional(url),
  algorithms,
  clockToleranceSeconds: wholeNumberOr(defaultClockToleranceSeconds, 0, 300),
  introspection: v.optional(introspection),
})
type Members = v.InferOutput<typeof members>

export const issuer: SectionSchema<IssuerConfig, ResolvedIssuer> = v.pipe(
  members,
  relation<Members, 'issuer' | 'tokens' | 'dialect' | 'org' | 'subject'>(
    ['issuer', 'tokens', 'dialect', 'org', 'subject'],
    findUnprovenUsers,
  ),
  relation<Members, 'tokens' | 'introspection'>(['tokens'], findUnanswerableQuestions),
  v.transform(({ dialect: named, ...others }) => ({
    ...others,
    dialect: others.tokens === 'user' ? resolveDialect(others.issuer, named) : undefined,
  })),
)

function findUnprovenUsers({
  issuer,
  tokens,
  ...users
}: Pick<Members, 'issuer' | 'tokens' | 'dialect' | 'org' | 'subject'>): readonly ConfigFault[] {
  if (tokens === 'delegated')
    return (['dialect', 'org', 'subject'] as const).flatMap((path) =>
      users[path] === undefined
        ? []
        : [{ path, problem: "says something about users; tokens is 'delegated'" }],
    )
  return resolveDialect(issuer, users.dialect) === undefined
    ? [
        {
          path: 'dialect',
          problem: `is missing, and nothing else proves a user: name ${Object.keys(dialects).join(', ')}, or say { userClaims }`,
        },
      ]
    : []
}

/** Of a token that the hook has changed, the server's own record says something else. */
function findUnanswerableQuestions({
  tokens,
  introspection: asked,
}: Pick<Members, 'tokens' | 'introspection'>): readonly ConfigFault[] {
  return tokens === 'delegated' && asked !== undefined
    ? [{ path: 'introspection', problem: "is for users' own tokens; tokens is 'delegated'" }]
    : []
}

export const issuers: v.GenericSchema<readonly IssuerConfig[], readonly ResolvedIssuer[]> = v.pipe(
  v.array(issuer, 'must be a list'),
  v.minLength(1, 'must name at least one issuer'),
)

/** Finds issuers that are configured twice. */
export function findRepeatedIssuers({
  issuers,
}: {
  readonly issuers: readonly Pick<IssuerConfig, 'issuer'>[]
}): readonly ConfigFault[] {
  return issuers.flatMap(({ issuer }, index) =>
    issuers.findIndex((other) => other.issuer === issuer) < index
      ? [{ path: `issuers[${index}].issuer`, problem: 'is configured twice; merge the two' }]
      : [],
  )
}
