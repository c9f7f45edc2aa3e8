import type { BehalfConfig } from '../../config/config.ts'
import { findConfigFaults } from '../../config/resolve-config.ts'
import { readSecrets } from '../../config/schema.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { readSecret } from '../../secrets/aws/read-secret.ts'
import { isArn, parseSecretArn, type SecretArn } from '../../secrets/aws/secret-arn.ts'
import type { SecretSource } from '../../secrets/secret-source.ts'

/**
 * Replaces every ARN among the secrets of a configuration by a source that fetches what it names. A fetched text
 * may hold several secrets, separated by commas, while rotating. Configurations without ARNs stay as they are.
 *
 * @throws ConfigError that lists every fault, when an ARN is neither that of a secret nor that of a parameter
 */
export function awsSecrets(config: BehalfConfig): BehalfConfig {
  if (!readSecrets(config).some(isArn)) return config
  const { authenticate } = config
  if (typeof authenticate === 'symbol' || !('secrets' in authenticate)) return config
  const secrets = [authenticate.secrets].flat()
  const unreadable = secrets.flatMap((secret, index) =>
    isArn(secret) && parseSecretArn(secret) === undefined
      ? [
          {
            path: `authenticate.secrets[${index}]`,
            problem: 'is no ARN of a Secrets Manager secret or an SSM parameter',
          },
        ]
      : [],
  )
  if (unreadable.length > 0) throw new ConfigError([...findConfigFaults(config), ...unreadable])
  const replaced = secrets.map((secret) => {
    const place = parseSecretArn(secret)
    return place === undefined ? secret : sourceOf(place)
  })
  return { ...config, authenticate: { ...authenticate, secrets: replaced } }
}

function sourceOf(place: SecretArn): SecretSource {
  return async (signal) => (await readSecret(place, signal)).split(',').map((secret) => secret.trim())
}
