/** Where AWS keeps a secret. */
export interface SecretArn {
  readonly service: 'secretsmanager' | 'ssm'
  readonly region: string
  readonly arn: string
}

/** Says whether a value is meant as an ARN, be it one of a secret or not. */
export function isArn(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('arn:')
}

/**
 * Reads the ARN of a Secrets Manager secret or of a Systems Manager parameter; undefined when it is neither.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function parseSecretArn(arn: unknown): SecretArn | undefined {
  if (typeof arn !== 'string') return undefined
  const [prefix, partition = '', service, region = '', account = '', ...resource] = arn.split(':')
  const name = resource.join(':')
  if (prefix !== 'arn' || !/^aws(-[a-z]+)*$/.test(partition)) return undefined
  if (!/^[a-z0-9-]+$/.test(region) || !/^\d{12}$/.test(account)) return undefined
  if (service === 'secretsmanager' && /^secret:[\w/+=.@-]+$/.test(name)) return { service, region, arn }
  return service === 'ssm' && /^parameter\/[\w/.-]+$/.test(name) ? { service, region, arn } : undefined
}
