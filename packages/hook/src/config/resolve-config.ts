import { ConfigError, type ConfigFault } from '../errors/config-error.ts'
import { findUnusableNames } from '../pipeline/copied-claims.ts'
import { asDecisionPoint } from '../policy/decision-point.ts'
import { isArn } from '../secrets/aws/secret-arn.ts'
import type { Authentication, ResolvedConfig } from './resolved-config.ts'
import {
  type CheckedConfig,
  checkConfig,
  type RelatedParts,
  readPolicy,
  readRelatedParts,
  readRename,
  readSecrets,
} from './schema.ts'

/**
 * Checks a configuration and fills in its defaults.
 *
 * @param config - a {@link BehalfConfig}, or whatever a file exported in its place
 * @param arns - whether ARNs among the secrets are faults: on Lambda they are replaced before a hook is made
 * @throws ConfigError that lists every fault
 */
export function resolveConfig(
  config: unknown,
  arns: 'refused' | 'replaced later' = 'refused',
): ResolvedConfig {
  const related = readRelatedParts(config)
  const policy = readPolicy(config)
  const point = policy === undefined ? undefined : asDecisionPoint(policy)
  const misfits = [
    ...(related === undefined ? [] : [...findRepeatedIssuers(related), ...findStrayBindings(related)]),
    ...(arns === 'refused' ? findArns(readSecrets(config)) : []),
    ...findUnusableNames(readRename(config)),
    ...(point?.faults ?? []),
  ]
  const checked = checkConfig(config)
  if (!checked.ok) throw new ConfigError([...checked.faults, ...misfits])
  if (misfits.length > 0) throw new ConfigError(misfits)
  const { authenticate, clients, claims, issuers, policy: _, ...rest } = checked.config
  return {
    ...rest,
    issuers,
    authentication: resolveAuthentication(authenticate),
    clients: clients === 'any' ? 'any' : new Map(Object.entries(clients)),
    claims: {
      include: claims.include === 'all' ? 'all' : new Set(claims.include),
      exclude: new Set(claims.exclude),
      rename: new Map(Object.entries(claims.rename)),
      maxBytes: claims.maxBytes,
    },
    ...(point === undefined ? {} : { policy: (delegation, signal) => point.decide(delegation, signal) }),
  }
}

/** Every fault of a configuration, but for ARNs among its secrets. */
export function findConfigFaults(config: unknown): readonly ConfigFault[] {
  try {
    resolveConfig(config, 'replaced later')
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

function resolveAuthentication(authenticate: CheckedConfig['authenticate']): Authentication {
  if (typeof authenticate === 'symbol') return { kind: 'none' }
  if ('secrets' in authenticate)
    return { kind: 'secret', header: authenticate.header, secrets: [authenticate.secrets].flat() }
  const { issuer, audience, jwksUri, algorithms, clientIds, scope } = authenticate.bearer
  return {
    kind: 'bearer',
    issuer: { issuer, audiences: [audience], jwksUri, algorithms, clockToleranceSeconds: 60 },
    clientIds,
    scope,
  }
}

/** An ARN that nobody replaces would count as the secret itself. */
function findArns(secrets: readonly unknown[]): ConfigFault[] {
  return secrets.flatMap((secret, index) =>
    isArn(secret)
      ? [
          {
            path: `authenticate.secrets[${index}]`,
            problem: 'is an ARN; ARNs are resolved on AWS Lambda only',
          },
        ]
      : [],
  )
}

function findRepeatedIssuers({ issuers }: RelatedParts): ConfigFault[] {
  return issuers.flatMap(({ issuer }, index) =>
    issuers.findIndex((other) => other.issuer === issuer) < index
      ? [{ path: `issuers[${index}].issuer`, problem: 'is configured twice; merge the two' }]
      : [],
  )
}

/** A client bound to an issuer or audience that is not trusted anyway can never exchange: a slip. */
function findStrayBindings({ clients, issuers }: RelatedParts): ConfigFault[] {
  if (clients === 'any') return []
  const trustedIssuers = new Set(issuers.map(({ issuer }) => issuer))
  const trustedAudiences = new Set(issuers.flatMap(({ audiences }) => audiences))
  return Object.entries(clients).flatMap(([clientId, client]) => [
    ...(client.issuers ?? []).flatMap((issuer, index) =>
      trustedIssuers.has(issuer)
        ? []
        : [
            {
              path: `clients.${clientId}.issuers[${index}]`,
              problem: 'is none of the configured issuers',
            },
          ],
    ),
    ...(client.audiences ?? []).flatMap((audience, index) =>
      trustedAudiences.has(audience)
        ? []
        : [
            {
              path: `clients.${clientId}.audiences[${index}]`,
              problem: 'is an audience of none of the configured issuers',
            },
          ],
    ),
  ])
}
