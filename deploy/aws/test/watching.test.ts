import { Match } from 'aws-cdk-lib/assertions'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { describe, expect, it } from 'vitest'
import { type DecisionRecord, matches, onlyIf, stack, synthesise, valuesNamed } from './synthesis.ts'

describe('what is watched', () => {
  it('raises an alarm for each way to plain tokens or denial of everybody', () => {
    const template = synthesise((stack) => ({ alarmActions: [new SnsAction(new Topic(stack, 'Topic'))] }))
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    expect(alarms.map(({ Properties }) => Properties.AlarmDescription.split(/[.:;,]/)[0]).toSorted()).toEqual(
      [
        'API Gateway answered 5xx',
        'API Gateway refused requests',
        "An issuer's keys cannot be obtained",
        'Calls with a wrong secret come',
        'Lambda refused requests',
        'Okta has not called',
        'The hook crashed or timed out',
        'The hook fails',
        'The slowest hundredth of the answers takes over 1 s',
      ],
    )
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toHaveLength(1)
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { ExtendedStatistic: 'p99', Threshold: 1000 })
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1)
  })

  it('tells a topic, an address, both or nobody, as parameters say', () => {
    const alarms = Object.values(stack.findResources('AWS::CloudWatch::Alarm'))
    expect(alarms).toHaveLength(9)
    for (const { Properties } of alarms)
      expect(Properties.AlarmActions).toEqual([
        onlyIf('HasAlarmTopicArn', { Ref: 'AlarmTopicArn' }),
        onlyIf('HasAlarmEmail', { Ref: 'AlarmTopic' }),
      ])
    for (const name of ['AlarmTopicArn', 'AlarmEmail']) {
      stack.hasParameter(name, { Default: 'none' })
      stack.hasCondition(`Has${name}`, { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, 'none'] }] })
    }
    stack.hasResource('AWS::SNS::Topic', { Condition: 'HasAlarmEmail' })
    stack.hasResource('AWS::SNS::Subscription', {
      Condition: 'HasAlarmEmail',
      Properties: { Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' }, TopicArn: { Ref: 'AlarmTopic' } },
    })
  })

  it('is silence: no call that authenticated, for as long as a parameter says', () => {
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('^Okta has not called'),
      MetricName: 'Hook/Decisions/Authenticated',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 60,
      EvaluationPeriods: { Ref: 'SilenceMinutes' },
      TreatMissingData: 'breaching',
    })
    stack.hasParameter('SilenceMinutes', { MinValue: 1, MaxValue: 1440 })
  })

  it('is Okta being refused: a wrong secret, while no right one comes', () => {
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('^Calls with a wrong secret'),
      EvaluationPeriods: 3,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'IF(FILL(refused, 0) > 0 AND FILL(authenticated, 0) < 1, 1, 0)' }),
      ]),
    })
  })

  it('counts the codes that the decision records name', () => {
    const patterns = Object.values(stack.findResources('AWS::Logs::MetricFilter')).map(
      ({ Properties }) => Properties.FilterPattern,
    )
    for (const code of ['keys_unavailable', 'internal_error'])
      expect(patterns).toContain(`{ $.code = "${code}" }`)
    expect(patterns).toContain('{ $.status = "429" }')
  })

  it.each<[string, DecisionRecord, readonly string[]]>([
    [
      'a scanner without a secret',
      {
        decision: 'deny',
        step: 'authenticate',
        code: 'caller_unauthenticated',
        detail: 'the header authorization is missing',
      },
      ['Denied'],
    ],
    [
      'a request that is none',
      { decision: 'deny', step: 'arrival', code: 'request_malformed', detail: 'the event has no body' },
      ['Denied'],
    ],
    [
      'a wrong secret',
      {
        decision: 'deny',
        step: 'authenticate',
        code: 'caller_unauthenticated',
        detail: 'the header authorization does not authenticate',
      },
      ['Denied', 'Refused'],
    ],
    [
      'a denial of Okta’s call',
      { decision: 'deny', step: 'verify', code: 'assertion_expired' },
      ['Denied', 'Authenticated'],
    ],
    ['a permit', { decision: 'permit', step: 'commands' }, ['Permitted', 'Authenticated']],
    ['a token that stays as it is', { decision: 'unchanged', step: 'extract' }, ['Authenticated']],
    ['the first line of the log', { started: { version: '0.1.0' } }, []],
  ])('counts %s as what it is', (_, record, expected) => {
    const counted = Object.values(stack.findResources('AWS::Logs::MetricFilter'))
      .filter(({ Properties }) => matches(Properties.FilterPattern, record))
      .map(({ Properties }) => Properties.MetricTransformations[0].MetricName.split('/').at(-1))
    expect(counted.toSorted()).toEqual(expected.toSorted())
  })

  it('is nothing that whoever tries paths and headers can raise', () => {
    const watched = Object.values(stack.findResources('AWS::CloudWatch::Alarm')).flatMap(({ Properties }) =>
      valuesNamed('MetricName', Properties),
    )
    expect(watched).not.toContain('4XXError')
    expect(watched).not.toContain('Count')
    // A wrong secret alone raises nothing: only together with Okta's silence.
    const alone = Object.values(stack.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.MetricName,
    )
    expect(alone).not.toContain('Hook/Decisions/Refused')
    expect(alone).not.toContain('Hook/Decisions/Denied')
  })

  it('ends the retention of both logs', () => {
    const groups = Object.values(synthesise().findResources('AWS::Logs::LogGroup'))
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual([30, 30])
  })
})
