import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../workspace.ts'
import { evaluateModule, type Resource, readModule } from './module.ts'

/** What AWS CDK makes of the construct: the same hook, written once more. */
const template: {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>
} = JSON.parse(readFileSync(join(root, 'deploy/aws/behalf.template.json'), 'utf8'))
type Properties = Readonly<Record<string, unknown>>

const variables = {
  zip: 'dist/behalf-lambda.zip',
  issuer: 'https://example.okta.com/oauth2/users',
  audience: 'api://a',
  client_ids: '0oaApiA',
  resource: 'https://orders.example',
}
const module = await readModule('aws')
const resources = evaluateModule(module, variables)

function ofType(type: string): readonly Properties[] {
  return Object.values(template.Resources)
    .filter((resource) => resource.Type === type)
    .map(({ Properties: properties }) => properties)
}

function made(type: string): readonly Resource['attributes'][] {
  return resources.filter((resource) => resource.type === type).map(({ attributes }) => attributes)
}

function only<T>(all: readonly T[]): T {
  const [first, ...others] = all
  if (first === undefined || others.length > 0) throw new Error(`expected one, found ${all.length}`)
  return first
}

/** A block is a list of one. */
function block(value: unknown): Properties {
  return Object(Array.isArray(value) ? value[0] : value)
}

describe('the module for AWS says what the CDK construct says', () => {
  it('of the function', () => {
    const theirs = only(ofType('AWS::Lambda::Function'))
    const ours = only(made('aws_lambda_function'))
    expect(ours).toMatchObject({
      description: theirs['Description'],
      runtime: theirs['Runtime'],
      architectures: theirs['Architectures'],
      handler: theirs['Handler'],
      memory_size: theirs['MemorySize'],
      timeout: theirs['Timeout'],
    })
    expect(block(ours['tracing_config'])['mode']).toBe(block(theirs['TracingConfig'])['Mode'])
    const names = Object.keys(block(block(theirs['Environment'])['Variables']))
    const sealing = ['SEALING_KEYS', 'SEALING_REQUIRED']
    expect(Object.keys(block(block(ours['environment'])['variables'])).toSorted()).toEqual(
      names.filter((name) => !sealing.includes(name)).toSorted(),
    )
    const sealed = evaluateModule(module, { ...variables, sealing_keys_arn: 'arn:keys' })
    const [withSealing] = sealed.filter(({ type }) => type === 'aws_lambda_function')
    expect(Object.keys(block(block(withSealing?.attributes['environment'])['variables'])).toSorted()).toEqual(
      names.toSorted(),
    )
  })

  it('of the paths that Okta may call, and of the keys', () => {
    const parts = ofType('AWS::ApiGateway::Resource').map(({ PathPart: part }) => part)
    expect(
      made('aws_api_gateway_resource')
        .map(({ path_part: part }) => part)
        .toSorted(),
    ).toEqual(parts.toSorted())
    const methods = (verb: string): number =>
      ofType('AWS::ApiGateway::Method').filter(({ HttpMethod: method }) => method === verb).length
    const ours = made('aws_api_gateway_method').map(({ http_method: method }) => method)
    expect(ours.filter((method) => method === 'POST')).toHaveLength(methods('POST'))
    expect(ours.filter((method) => method === 'GET')).toHaveLength(methods('GET'))
    for (const integration of made('aws_api_gateway_integration'))
      expect(integration).toMatchObject({ type: 'AWS_PROXY', integration_http_method: 'POST' })
  })

  it('of limits and of what is logged', () => {
    const stage = only(ofType('AWS::ApiGateway::Stage'))
    const settings = block(stage['MethodSettings'])
    expect(block(only(made('aws_api_gateway_method_settings'))['settings'])).toEqual({
      throttling_rate_limit: settings['ThrottlingRateLimit'],
      throttling_burst_limit: settings['ThrottlingBurstLimit'],
      metrics_enabled: settings['MetricsEnabled'],
      logging_level: settings['LoggingLevel'],
      data_trace_enabled: settings['DataTraceEnabled'],
    })
    const { format } = block(only(made('aws_api_gateway_stage'))['access_log_settings'])
    expect(JSON.parse(String(format))).toEqual(JSON.parse(String(block(stage['AccessLogSetting'])['Format'])))
    const retention = ofType('AWS::Logs::LogGroup').map(({ RetentionInDays: days }) => days)
    expect(made('aws_cloudwatch_log_group').map(({ retention_in_days: days }) => days)).toEqual(retention)
  })

  it('of what is counted', () => {
    const theirs = ofType('AWS::Logs::MetricFilter').map(
      ({ FilterPattern: pattern, MetricTransformations: all }) => [block(all)['MetricName'], pattern],
    )
    const ours = made('aws_cloudwatch_log_metric_filter').map(({ pattern, metric_transformation: all }) => [
      block(all)['name'],
      pattern,
    ])
    expect(ours.toSorted()).toEqual(theirs.toSorted())
  })

  it('of each alarm', () => {
    const theirs = ofType('AWS::CloudWatch::Alarm').map((alarm) => ({
      description: alarm['AlarmDescription'],
      metric: alarm['MetricName'] ?? null,
      statistic: alarm['Statistic'] ?? null,
      percentile: alarm['ExtendedStatistic'] ?? null,
      threshold: alarm['Threshold'],
      comparison: alarm['ComparisonOperator'],
      periods: typeof alarm['EvaluationPeriods'] === 'number' ? alarm['EvaluationPeriods'] : 60,
      missing: alarm['TreatMissingData'],
      period: alarm['Period'] ?? null,
    }))
    const ours = made('aws_cloudwatch_metric_alarm').map((alarm) => ({
      description: alarm['alarm_description'],
      metric: alarm['metric_name'] ?? null,
      statistic: alarm['statistic'] ?? null,
      percentile: alarm['extended_statistic'] ?? null,
      threshold: alarm['threshold'],
      comparison: alarm['comparison_operator'],
      periods: alarm['evaluation_periods'],
      missing: alarm['treat_missing_data'],
      period: alarm['period'] ?? null,
    }))
    const byDescription = (a: { description: unknown }, b: { description: unknown }): number =>
      String(a.description).localeCompare(String(b.description))
    expect(ours.toSorted(byDescription)).toEqual(theirs.toSorted(byDescription))
  })
})
