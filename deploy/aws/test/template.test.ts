import { readFileSync } from 'node:fs'
import { SecretValue } from 'aws-cdk-lib'
import { Match } from 'aws-cdk-lib/assertions'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import { describe, expect, it } from 'vitest'
import type { BehalfHookProps } from '../src/behalf-hook.ts'
import { standaloneTemplate } from '../src/standalone-template.ts'
import { only, onlyIf, stack, standalone, synthesise, valuesNamed } from './synthesis.ts'

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

  it('is told of API B when there is one', () => {
    const { Variables } = only('AWS::Lambda::Function').Environment
    expect(Variables).toMatchObject({
      RESOURCE: onlyIf('HasResource', { Ref: 'Resource' }),
      RESOURCE_VERIFIER: onlyIf('HasResource', { Ref: 'ResourceVerifier' }),
    })
    stack.hasCondition('HasResource', { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Resource' }, ''] }] })
  })

  it('is told where the keys of seals are when there are some', () => {
    const { Variables } = only('AWS::Lambda::Function').Environment
    expect(Variables).toMatchObject({
      SEALING_KEYS: onlyIf('SealsAssertions', { Ref: 'SealingKeysArn' }),
      SEALING_REQUIRED: onlyIf('SealsAssertions', { Ref: 'SealingRequired' }),
    })
  })

  it('may be given an SSM parameter with them', () => {
    const template = synthesise((scope) => ({
      sealing: {
        keys: StringParameter.fromSecureStringParameterAttributes(scope, 'Keys', {
          parameterName: '/hook/keys',
        }),
      },
    }))
    const [created] = Object.values(template.findResources('AWS::Lambda::Function'))
    const arn = { 'Fn::Join': ['', expect.arrayContaining([':parameter/hook/keys'])] }
    expect(created?.['Properties'].Environment.Variables.SEALING_KEYS).toEqual(arn)
    const statements = valuesNamed('Statement', template.toJSON()).flat()
    const read = { Effect: 'Allow', Resource: arn, Action: expect.arrayContaining(['ssm:GetParameter']) }
    expect(statements).toContainEqual(read)
  })

  it('keeps instances warm when asked to', () => {
    const alias = (props: Partial<BehalfHookProps>) => {
      const [found] = Object.values(synthesise(() => props).findResources('AWS::Lambda::Alias'))
      return found?.['Properties'].ProvisionedConcurrencyConfig
    }
    expect(alias({ provisionedConcurrency: 2 })).toEqual({ ProvisionedConcurrentExecutions: 2 })
    expect(alias({})).toBeUndefined()
  })

  it('is called by its alias live, and keeps every version to go back to', () => {
    const [alias] = Object.keys(stack.findResources('AWS::Lambda::Alias'))
    const called = (type: string) =>
      Object.values(stack.findResources(type)).map(({ Properties }) => Properties)
    const [[version, made] = []] = Object.entries(stack.findResources('AWS::Lambda::Version'))
    expect(only('AWS::Lambda::Alias')).toMatchObject({
      Name: 'live',
      FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
    })
    expect(made).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    for (const { Integration } of called('AWS::ApiGateway::Method'))
      expect(JSON.stringify(Integration.Uri)).toContain(`"Ref":"${alias}"`)
    for (const { FunctionName } of called('AWS::Lambda::Permission'))
      expect(FunctionName).toEqual({ Ref: alias })
    expect(Object.keys(stack.findOutputs('FunctionName'))).toHaveLength(1)
  })

  it('is published anew when the zip or a setting changes, because a version has its own', () => {
    const named = JSON.stringify(only('AWS::Lambda::Version').Description)
    for (const name of ['CodeKey', 'Issuer', 'Audience', 'ClientIds', 'Resource', 'ResourceVerifier'])
      expect(named).toContain(`"Ref":"${name}"`)
  })

  it('reserves what a parameter says, and nothing when that is 0', () => {
    expect(only('AWS::Lambda::Function').ReservedConcurrentExecutions).toEqual(
      onlyIf('ReservesConcurrency', { Ref: 'ReservedConcurrency' }),
    )
    stack.hasCondition('ReservesConcurrency', {
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ReservedConcurrency' }, 0] }],
    })
  })
})

describe('the API', () => {
  it('proxies POST on any path to the function, so that a slip in it does not fail open, and GET for the public keys and event hooks alone', () => {
    const template = synthesise()
    const paths = Object.values(template.findResources('AWS::ApiGateway::Resource'))
    expect(paths.map(({ Properties }) => Properties.PathPart).toSorted()).toEqual([
      '.well-known',
      'event-hook',
      'inline-hook',
      'jwks.json',
      '{any+}',
    ])
    const methods = Object.values(template.findResources('AWS::ApiGateway::Method'))
    expect(methods.map(({ Properties }) => Properties.HttpMethod).toSorted()).toEqual([
      ...Array.from({ length: 2 }, () => 'GET'),
      ...Array.from({ length: 6 }, () => 'POST'),
    ])
    for (const { Properties } of methods)
      expect(Properties).toMatchObject({
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' },
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

describe('several stacks in one account and region', () => {
  const own = { Ref: 'AWS::StackName' }

  it('have APIs of different names, by which CloudWatch tells them apart', () => {
    const name = { 'Fn::Join': ['', [own, '-Hook']] }
    expect(only('AWS::ApiGateway::RestApi').Name).toEqual(name)
    const dimensions = Object.values(stack.findResources('AWS::CloudWatch::Alarm'))
      .flatMap(({ Properties }) => Properties.Dimensions ?? [])
      .filter(({ Name }) => Name === 'ApiName')
    expect(dimensions).toEqual([{ Name: 'ApiName', Value: name }])
  })

  it('count decisions in name spaces of their own, and watch those', () => {
    const namespace = { 'Fn::Join': ['', ['Behalf/', own]] }
    const counted = Object.values(stack.findResources('AWS::Logs::MetricFilter')).flatMap(
      ({ Properties }) => Properties.MetricTransformations,
    )
    expect(counted.length).toBeGreaterThan(5)
    for (const { MetricNamespace } of counted) expect(MetricNamespace).toEqual(namespace)
    const watched = Object.values(stack.findResources('AWS::CloudWatch::Alarm')).flatMap(({ Properties }) =>
      valuesNamed('Namespace', Properties),
    )
    for (const found of watched) expect([namespace, 'AWS/Lambda', 'AWS/ApiGateway']).toContainEqual(found)
  })

  it('give names to nothing that must be unique in the account', () => {
    for (const type of [
      'AWS::Lambda::Function',
      'AWS::SecretsManager::Secret',
      'AWS::Logs::LogGroup',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::IAM::Role',
      'AWS::SNS::Topic',
    ])
      for (const { Properties } of Object.values(stack.findResources(type)))
        for (const name of [
          'FunctionName',
          'Name',
          'LogGroupName',
          'AlarmName',
          'DashboardName',
          'RoleName',
          'TopicName',
        ])
          expect(Properties ?? {}).not.toHaveProperty(name)
  })

  it('set the log role of the account only when told, and leave it when they go', () => {
    const made = [
      ...Object.values(stack.findResources('AWS::ApiGateway::Account')),
      ...Object.values(stack.findResources('AWS::IAM::Role')).filter((role) =>
        JSON.stringify(role).includes('apigateway.amazonaws.com'),
      ),
    ]
    expect(made).toHaveLength(2)
    for (const resource of made)
      expect(resource).toMatchObject({ Condition: 'ManagesLogRole', DeletionPolicy: 'Retain' })
    stack.hasCondition('ManagesLogRole', { 'Fn::Equals': [{ Ref: 'ManageApiGatewayLogRole' }, 'true'] })
  })
})

describe('who may call', () => {
  it('is limited to the addresses of a parameter, or not at all', () => {
    expect(only('AWS::ApiGateway::RestApi').Policy).toEqual(
      onlyIf('LimitsSources', {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 'execute-api:Invoke',
            Resource: ['execute-api:/live/POST/*', 'execute-api:/live/GET/event-hook'],
            Condition: { IpAddress: { 'aws:SourceIp': { Ref: 'SourceCidrs' } } },
          },
          {
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 'execute-api:Invoke',
            Resource: 'execute-api:/live/GET/.well-known/jwks.json',
          },
        ],
      }),
    )
  })

  it('is limited by the construct, too', () => {
    synthesise(() => ({ sourceCidrs: ['192.0.2.0/24'] })).hasResourceProperties('AWS::ApiGateway::RestApi', {
      Policy: Match.objectLike({
        Statement: [
          Match.objectLike({ Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } } }),
          Match.objectLike({ Resource: 'execute-api:/live/GET/.well-known/jwks.json' }),
        ],
      }),
    })
    const [api] = Object.values(synthesise().findResources('AWS::ApiGateway::RestApi'))
    expect(api?.['Properties']).not.toHaveProperty('Policy')
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
    // Who may call the API at all; a call alone does nothing.
    const others = wild.filter((statement) => !JSON.stringify(statement).includes('execute-api:Invoke'))
    expect(others).toEqual([
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
      {
        Action: ['secretsmanager:GetSecretValue', 'ssm:GetParameter'],
        Effect: 'Allow',
        Resource: { Ref: 'SealingKeysArn' },
      },
    ])
    const policies = Object.values(stack.findResources('AWS::IAM::Policy'))
    const ofSealing = policies.filter((each) => JSON.stringify(each).includes('SealingKeysArn'))
    expect(ofSealing).toEqual([expect.objectContaining({ Condition: 'SealsAssertions' })])
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

  it('lets API Gateway call the function by POST, and for the public keys and event hooks by GET', () => {
    const sources = valuesNamed('SourceArn', standalone).map((source) => JSON.stringify(source))
    expect(sources).toHaveLength(8)
    const others = sources.filter((source) => !/"\/POST\/[^"]*"\]\]\}$/.test(source))
    expect(others.toSorted()).toEqual([
      expect.stringMatching(/"\/GET\/\.well-known\/jwks\.json"\]\]\}$/),
      expect.stringMatching(/"\/GET\/event-hook"\]\]\}$/),
    ])
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
    const needed = Object.entries(parameters).filter(([, parameter]) => !('Default' in Object(parameter)))
    expect(needed.map(([name]) => name)).toEqual(['CodeBucket', 'CodeKey', 'Issuer', 'Audience', 'ClientIds'])
    expect(Object.keys(parameters).toSorted()).toEqual(
      [
        ...['AlarmEmail', 'AlarmTopicArn', 'Audience', 'ClientIds', 'CodeBucket', 'CodeKey', 'Issuer'],
        ...['ManageApiGatewayLogRole', 'ReservedConcurrency', 'SilenceMinutes', 'SourceCidrs'],
        ...['Resource', 'ResourceVerifier', 'SealingKeysArn', 'SealingRequired'],
      ].toSorted(),
    )
  })
})
