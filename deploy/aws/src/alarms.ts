import { Duration } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { DecisionMetrics } from './decision-metrics.ts'

/** What alarms and dashboard look at. */
export interface Observed {
  readonly function: LambdaFunction
  readonly api: RestApi
  readonly decisions: DecisionMetrics
}

/** Who is told, and after how much silence. */
export interface AlarmOptions {
  readonly actions: readonly IAlarmAction[]
  /** How long no call of Okta's may come, 1 to 1 440. */
  readonly silenceMinutes: number
}

const period = Duration.minutes(1)
const failsOpen = 'Okta issues plain tokens meanwhile; API B refuses them.'

/**
 * Raises an alarm for what Lambda and API Gateway see of Okta issuing plain tokens, for silence, and for denials that can
 * hit everybody. None of them is raised by whoever tries paths and headers at random: what counts is what happened to
 * calls that had Okta's secret, or that no such call came. `docs/deploy-aws.md` lists them, and what is left to alarms of
 * the operator's own.
 */
export function addAlarms(
  scope: Construct,
  { function: fn, api, decisions }: Observed,
  { actions, silenceMinutes }: AlarmOptions,
): void {
  const raise = (
    id: string,
    alarmDescription: string,
    metric: IMetric,
    props: Partial<AlarmProps> = {},
  ): void => {
    const alarm = new Alarm(scope, id, {
      metric,
      alarmDescription,
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    })
    alarm.addAlarmAction(...actions)
  }
  raise('ErrorsAlarm', `The hook crashed or timed out. ${failsOpen}`, fn.metricErrors({ period }))
  raise(
    'ThrottlesAlarm',
    `Lambda refused requests: raise the reserved concurrency. ${failsOpen}`,
    fn.metricThrottles({ period }),
  )
  raise('ServerErrorsAlarm', `API Gateway answered 5xx. ${failsOpen}`, api.metricServerError({ period }))
  raise(
    'GatewayThrottledAlarm',
    `API Gateway refused requests: raise its limits, or keep others out. ${failsOpen}`,
    decisions.gatewayThrottled,
  )
  raise(
    'LatencyAlarm',
    'The slowest hundredth of the answers takes over 1 s; Okta waits 3 s.',
    fn.metricDuration({ period, statistic: 'p99' }),
    { threshold: 1_000 },
  )
  raise(
    'SilenceAlarm',
    `Okta has not called: is the hook still attached, and its URL right? ${failsOpen}`,
    decisions.authenticated,
    {
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: silenceMinutes,
      treatMissingData: TreatMissingData.BREACHING,
    },
  )
  raise(
    'CallsRefusedAlarm',
    'Calls with a wrong secret come, and none with the right one; was it rotated on one side only? Exchanges are denied.',
    new MathExpression({
      expression: 'IF(FILL(refused, 0) > 0 AND FILL(authenticated, 0) < 1, 1, 0)',
      usingMetrics: { refused: decisions.refused, authenticated: decisions.authenticated },
      period: Duration.minutes(5),
    }),
    { evaluationPeriods: 3 },
  )
  raise(
    'KeysUnavailableAlarm',
    "An issuer's keys cannot be obtained; exchanges are denied.",
    decisions.keysUnavailable,
  )
  raise(
    'InternalErrorAlarm',
    'The hook fails, or its configuration was refused: the log says why. Exchanges are denied.',
    decisions.internalError,
  )
}
