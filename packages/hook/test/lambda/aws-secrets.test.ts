import { type BehalfConfig, ConfigError, memoryRevocations } from '@behalf/hook'
import { eventHooks } from '@behalf/hook/events'
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

describe('secrets of event hooks and of introspection', () => {
  const org = 'example'
  const [issuer] = configWith([]).issuers
  const configured = (secret: string): BehalfConfig => ({
    ...configWith(['literal-secret-0123456789']),
    issuers: [
      {
        issuer: issuer?.issuer ?? '',
        audiences: ['api://a'],
        org,
        introspection: { clientId: '0oaApiA', clientSecret: secret },
      },
    ],
    revocation: {
      store: memoryRevocations(),
      whenUnavailable: 'deny',
      events: eventHooks({ org, secrets: [secret] }),
    },
  })

  it('may be ARNs here, and nowhere else', () => {
    expect(faultsOf(configured(arn))).toEqual([])
    const elsewhere = 'is an ARN; ARNs are resolved on AWS Lambda only'
    expect(() => resolveConfig(configured(arn))).toThrow(
      new RegExp(`clientSecret: ${elsewhere}[\\s\\S]*events\\.secrets\\.0: ${elsewhere}`),
    )
    expect(faultsOf(configured('arn:aws:s3:::bucket')).join()).toContain('no ARN of a Secrets Manager secret')
  })
})
