import { type BehalfConfig, ConfigError } from '@behalf/hook'
import { describe, expect, it } from 'vitest'
import { resolveConfig } from '../../src/config/resolve-config.ts'
import { awsSecrets } from '../../src/runtimes/lambda/aws-secrets.ts'

const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:behalf-Ab12Cd'

const configWith = (secrets: readonly (string | undefined)[]): BehalfConfig => ({
  authenticate: { secrets },
  issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
  clients: 'any',
})

/** The faults that a function with this configuration starts with. */
function faultsOf(config: BehalfConfig): readonly string[] {
  try {
    resolveConfig(awsSecrets(config))
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.faults.map(({ path, problem }) => `${path}: ${problem}`)
  }
}

describe('secrets beside an ARN', () => {
  it('are taken as they are', () => {
    expect(faultsOf(configWith([arn, 'literal-secret-0123456789']))).toEqual([])
  })

  it.each([
    [undefined, 'is missing; is the environment variable set?'],
    ['', 'must have at least 16 characters'],
    [' padded ', 'must be visible ASCII without surrounding spaces, up to 512 characters'],
  ])('are refused like any other: %j', (secret, problem) => {
    expect(faultsOf(configWith([arn, secret]))).toEqual([`authenticate.secrets[1]: ${problem}`])
  })
})

it('an ARN of something else is reported with all other faults', () => {
  const config = { ...configWith(['arn:aws:s3:::bucket', undefined]), issuers: [] }
  expect(faultsOf(config)).toEqual([
    'authenticate.secrets[0]: is no ARN of a Secrets Manager secret or an SSM parameter',
    'authenticate.secrets[1]: is missing; is the environment variable set?',
    'issuers: must name at least one issuer',
  ])
})

it.each([undefined, null, 5])('leaves an authentication that is none, %j, to the check', (authenticate) => {
  const config = Object.assign(configWith([]), { authenticate })
  expect(faultsOf(config)).toEqual([expect.stringMatching(/^authenticate: /)])
})
