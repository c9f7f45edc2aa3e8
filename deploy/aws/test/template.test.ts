import { readFileSync } from 'node:fs'
import { App, SecretValue, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { describe, expect, it } from 'vitest'
import { BehalfHook, type BehalfHookProps } from '../src/behalf-hook.ts'
import { standaloneTemplate } from '../src/standalone-template.ts'

function synthesise(props: (stack: Stack) => Partial<BehalfHookProps> = () => ({})): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Test')
  new BehalfHook(stack, 'Hook', {
    code: Code.fromInline('exports.handler = undefined'),
    issuer: 'https://example.okta.com/oauth2/default',
    audience: 'api://a',
    clientIds: '0oaApiA',
    ...props(stack),
  })
  return Template.fromStack(stack)
}

const standalone: unknown = JSON.parse(standaloneTemplate())

/** Every value under a name, wherever it stands. */
function valuesNamed(name: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [
    ...(key === name ? [member] : []),
    ...valuesNamed(name, member),
  ])
}

describe('the function', () => {
  it('runs the zip on Node 24, arm64, within the time that Okta waits', () => {
    synthesise().hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 3,
      MemorySize: 512,
      ReservedConcurrentExecutions: 100,
      TracingConfig: { Mode: 'Active' },
    })
  })

  it('gets the secret by its ARN and never by value', () => {
    const template = synthesise((stack) => ({
      secret: new Secret(stack, 'Own', { secretStringValue: SecretValue.unsafePlainText('kept') }),
    }))
    const [fn] = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { Runtime: 'nodejs24.x' } }),
    )
    expect(fn?.['Properties'].Environment.Variables).toEqual({
      ISSUER: 'https://example.okta.com/oauth2/default',
      AUDIENCE: 'api://a',
      CLIENT_IDS: '0oaApiA',
      HOOK_SECRET: { Ref: expect.stringMatching(/^Own/) },
    })
  })

  it('keeps instances warm when asked to', () => {
    synthesise(() => ({ provisionedConcurrency: 2 })).hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    })
    synthesise().resourceCountIs('AWS::Lambda::Alias', 0)
  })
})

describe('the API', () => {
  it('has POST /inline-hook as its only method, proxied to the function', () => {
    const template = synthesise()
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'inline-hook' })
    template.resourceCountIs('AWS::ApiGateway::Method', 1)
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      Integration: Match.objectLike({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' }),
    })
  })

  it('throttles, traces, and logs neither bodies nor query strings', () => {
    const template = synthesise()
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      MethodSettings: [
        Match.objectLike({
          DataTraceEnabled: false,
          LoggingLevel: 'OFF',
          ThrottlingRateLimit: 200,
          ThrottlingBurstLimit: 400,
        }),
      ],
    })
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'))
    const format: string = stage?.['Properties'].AccessLogSetting.Format
    expect(format).toContain('$context.status')
    expect(format).not.toMatch(/querystring|\.path|body|header|authorizer/i)
  })

  it('takes a domain of its own over TLS 1.2 and then answers nowhere else', () => {
    const template = synthesise((stack) => ({
      domain: {
        domainName: 'hook.example.com',
        certificate: Certificate.fromCertificateArn(
          stack,
          'Cert',
          'arn:aws:acm:eu-west-1:123456789012:certificate/abc',
        ),
      },
    }))
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'hook.example.com',
      SecurityPolicy: 'TLS_1_2',
    })
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true })
  })
})

describe('what is watched', () => {
  it('raises an alarm for each way to plain tokens or denial of everybody', () => {
    const template = synthesise((stack) => ({ alarmTopic: new Topic(stack, 'Topic') }))
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    expect(alarms.map(({ Properties }) => Properties.AlarmDescription.split(/[.:;,]/)[0]).toSorted()).toEqual(
      [
        'API Gateway answered 4xx',
        'API Gateway answered 5xx',
        "An issuer's keys cannot be obtained",
        'Callers fail to authenticate',
        'Lambda refused requests',
        'The hook crashed or timed out',
        'The hook fails',
        'The slowest hundredth of the answers takes over 1 s',
      ],
    )
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toHaveLength(1)
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { ExtendedStatistic: 'p99', Threshold: 1000 })
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1)
  })

  it('counts the codes that the decision records name', () => {
    const template = synthesise()
    for (const code of ['keys_unavailable', 'caller_unauthenticated', 'internal_error']) {
      template.hasResourceProperties('AWS::Logs::MetricFilter', { FilterPattern: `{ $.code = "${code}" }` })
    }
  })

  it('ends the retention of both logs', () => {
    const groups = Object.values(synthesise().findResources('AWS::Logs::LogGroup'))
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual([30, 30])
  })
})

describe('security', () => {
  it('grants no wildcard but the one that X-Ray leaves no way around', () => {
    const statements = valuesNamed('Statement', standalone).flat()
    const wild = statements.filter((statement) =>
      [valuesNamed('Action', statement), valuesNamed('Resource', statement)]
        .flat(2)
        .some((value) => value === '*' || /\*$/.test(String(value))),
    )
    expect(wild).toEqual([
      { Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Effect: 'Allow', Resource: '*' },
    ])
  })

  it('lets the function read its own secret and no other', () => {
    const statements = valuesNamed('Statement', standalone).flat()
    const secret = statements.filter((statement) => JSON.stringify(statement).includes('secretsmanager'))
    expect(secret).toEqual([
      {
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Effect: 'Allow',
        Resource: { Ref: expect.stringMatching(/^HookSecret/) },
      },
    ])
  })

  it('makes no bucket, no key pair and no function URL, and holds no secret', () => {
    const types = new Set(valuesNamed('Type', standalone))
    for (const type of ['AWS::S3::Bucket', 'AWS::Lambda::Url', 'AWS::IAM::User', 'AWS::IAM::AccessKey']) {
      expect(types).not.toContain(type)
    }
    expect(valuesNamed('SecretString', standalone)).toEqual([])
    expect(valuesNamed('GenerateSecretString', standalone)).toEqual([
      { ExcludePunctuation: true, PasswordLength: 48 },
    ])
  })

  it('lets API Gateway call the function for the one method only', () => {
    const sources = valuesNamed('SourceArn', standalone)
    expect(sources).toHaveLength(1)
    expect(JSON.stringify(sources)).toContain('/POST/inline-hook')
  })
})

describe('the template that stands alone', () => {
  it('is the one in the repository', () => {
    expect(standaloneTemplate()).toBe(
      readFileSync(new URL('../behalf.template.json', import.meta.url), 'utf8'),
    )
  })

  it('asks for what it needs', () => {
    const parameters: object = Object(standalone).Parameters
    expect(Object.keys(parameters)).toEqual(['CodeBucket', 'CodeKey', 'Issuer', 'Audience', 'ClientIds'])
  })
})
