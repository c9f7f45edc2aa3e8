import type { BehalfConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { readSecret } from './read-secret.ts'
import { parseSecretArn, type SecretArn } from './secret-arn.ts'

/**
 * Replaces ARNs among the secrets of a configuration by a source that fetches what they name. A fetched text
 * may hold several secrets, separated by commas, while rotating. Configurations without ARNs stay as they are.
 *
 * @throws ConfigError when an ARN is neither that of a secret nor that of a parameter
 */
export function awsSecrets(config: BehalfConfig): BehalfConfig {
  const { authenticate } = config
  if (typeof authenticate === 'symbol' || !('secrets' in authenticate)) return config
  const { secrets } = authenticate
  if (!Array.isArray(secrets) || !secrets.some(isArn)) return config
  const faults = secrets.flatMap((secret, index) =>
    isArn(secret) && parseSecretArn(secret) === undefined
      ? [
          {
            path: `authenticate.secrets[${index}]`,
            problem: 'is no ARN of a Secrets Manager secret or an SSM parameter',
          },
        ]
      : [],
  )
  if (faults.length > 0) throw new ConfigError(faults)
  const places = secrets.map((secret) => parseSecretArn(secret) ?? String(secret))
  const fetchAll = async (signal: AbortSignal): Promise<readonly string[]> => {
    const texts = await Promise.all(places.map((place) => textOf(place, signal)))
    return texts.flat()
  }
  return { ...config, authenticate: { ...authenticate, secrets: fetchAll } }
}

function isArn(secret: unknown): secret is string {
  return typeof secret === 'string' && secret.startsWith('arn:')
}

async function textOf(place: SecretArn | string, signal: AbortSignal): Promise<readonly string[]> {
  if (typeof place === 'string') return [place]
  const text = await readSecret(place, signal)
  return text.split(',').map((secret) => secret.trim())
}
