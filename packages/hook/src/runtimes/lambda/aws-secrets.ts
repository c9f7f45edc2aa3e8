import type { SecretAuthentication } from '../../config/authenticate.ts'
import type { BehalfConfig } from '../../config/config.ts'
import type { IssuerConfig } from '../../config/issuers.ts'
import { isEventHooks } from '../../events/event-hooks.ts'
import { isSealing } from '../../sealing/sealing.ts'
import { readSecret } from '../../secrets/aws/read-secret.ts'
import { parseSecretArn } from '../../secrets/aws/secret-arn.ts'
import type { SecretSource } from '../../secrets/secret-source.ts'
import { secretsIn } from '../../secrets/stored-text.ts'

/**
 * Replaces every ARN among the secrets and sealing keys of a configuration by a source that fetches what it names: one secret, or
 * several as JSON while rotating. Whatever is no configuration, and ARNs of anything
 * else, stay as they are, for {@link createHook} to refuse them with all other faults.
 */
export function awsSecrets(config: BehalfConfig): BehalfConfig {
  // What a file exports in place of a configuration may be anything, or nothing.
  const { sealing, revocation, issuers } = config ?? {}
  return {
    ...withSecrets(config),
    ...(isSealing(sealing) ? { sealing: sealing.withSources(sourceNamedBy) } : {}),
    ...(isEventHooks(revocation?.events)
      ? { revocation: { ...revocation, events: revocation.events.withSources(sourceNamedBy) } }
      : {}),
    ...(Array.isArray(issuers) ? { issuers: issuers.map(withClientSecret) } : {}),
  }
}

function withClientSecret(issuer: IssuerConfig): IssuerConfig {
  const introspection = issuer?.introspection
  const source = sourceNamedBy(introspection?.clientSecret)
  return introspection === undefined || source === undefined
    ? issuer
    : { ...issuer, introspection: { ...introspection, clientSecret: source } }
}

function withSecrets(config: BehalfConfig): BehalfConfig {
  const authenticate = config?.authenticate
  if (typeof authenticate !== 'object' || authenticate === null || !('secrets' in authenticate)) return config
  const { secrets } = authenticate
  if (!isList(secrets)) return config
  const replaced = secrets.map((secret) => sourceNamedBy(secret) ?? secret)
  return { ...config, authenticate: { ...authenticate, secrets: replaced } }
}

type SecretList = Exclude<SecretAuthentication['secrets'], SecretSource>

function isList(secrets: SecretAuthentication['secrets']): secrets is SecretList {
  return Array.isArray(secrets)
}

function sourceNamedBy(secret: unknown): SecretSource | undefined {
  const place = parseSecretArn(secret)
  return place === undefined ? undefined : async (signal) => secretsIn(await readSecret(place, signal))
}
