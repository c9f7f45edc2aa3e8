import type { SecretArn } from './secret-arn.ts'

/** One more attempt, quickly: a request is waiting for the answer. */
const clientOptions = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500 },
} as const

/**
 * Reads the text of a secret with the SDK that the Lambda runtime brings; it is loaded when first needed,
 * because most functions go without it.
 *
 * @throws what the SDK throws, and a TypeError when the secret holds no text
 */
export async function readSecret({ service, region, arn }: SecretArn, signal: AbortSignal): Promise<string> {
  const text =
    service === 'ssm' ? await readParameter(region, arn, signal) : await readSecretValue(region, arn, signal)
  if (text === undefined) throw new TypeError('the secret holds no text')
  return text
}

async function readSecretValue(
  region: string,
  arn: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const sdk = await import('@aws-sdk/client-secrets-manager')
  const client = new sdk.SecretsManagerClient({ ...clientOptions, region })
  const { SecretString } = await client.send(new sdk.GetSecretValueCommand({ SecretId: arn }), {
    abortSignal,
  })
  return SecretString
}

async function readParameter(
  region: string,
  arn: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const sdk = await import('@aws-sdk/client-ssm')
  const client = new sdk.SSMClient({ ...clientOptions, region })
  const command = new sdk.GetParameterCommand({ Name: arn, WithDecryption: true })
  const { Parameter } = await client.send(command, { abortSignal })
  return Parameter?.Value
}
