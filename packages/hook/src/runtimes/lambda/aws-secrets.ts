import type { SecretAuthentication } from '../../config/authenticate.ts'
import type { BehalfConfig } from '../../config/config.ts'
import { readSecret } from '../../secrets/aws/read-secret.ts'
import { parseSecretArn, type SecretArn } from '../../secrets/aws/secret-arn.ts'
import type { SecretSource } from '../../secrets/secret-source.ts'
import { secretsIn } from '../../secrets/stored-text.ts'

/**
 * Replaces every ARN among the secrets of a configuration by a source that fetches what it names: one secret, or
 * several as JSON while rotating. Whatever is no configuration, and ARNs of anything
 * else, stay as they are, for {@link createHook} to refuse them with all other faults.
 */
export function awsSecrets(config: BehalfConfig): BehalfConfig {
  // What a file exports in place of a configuration may be anything, or nothing.
  const authenticate = config?.authenticate
  if (typeof authenticate !== 'object' || authenticate === null || !('secrets' in authenticate)) return config
  const { secrets } = authenticate
  if (!isList(secrets)) return config
  return { ...config, authenticate: { ...authenticate, secrets: secrets.map(replaced) } }
}

type SecretList = Exclude<SecretAuthentication['secrets'], SecretSource>

function isList(secrets: SecretAuthentication['secrets']): secrets is SecretList {
  return Array.isArray(secrets)
}

function replaced(secret: SecretList[number]): SecretList[number] {
  const place = parseSecretArn(secret)
  return place === undefined ? secret : sourceOf(place)
}

function sourceOf(place: SecretArn): SecretSource {
  return async (signal) => secretsIn(await readSecret(place, signal))
}
