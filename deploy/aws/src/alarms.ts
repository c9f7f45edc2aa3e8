import { Duration } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { DecisionMetrics } from './decision-metrics.ts'

/** What alarms and dashboard look at. */
export interface Observed {
  readonly function: LambdaFunction
  readonly api: RestApi
  readonly decisions: DecisionMetrics
}

const period = Duration.minutes(1)

/**
 * Raises an alarm for what Lambda and API Gateway see of Okta issuing plain tokens, and for three codes of denials
 * that can hit everybody. `docs/deploy-aws.md` lists them, and what is left to alarms of the operator's own.
 */
export function addAlarms(scope: Construct, observed: Observed, topic: ITopic | undefined): void {
  const { function: fn, api, decisions } = observed
  const failsOpen = 'Okta issues plain tokens meanwhile; API B refuses them.'
  const raise = (id: string, metric: IMetric, threshold: number, alarmDescription: string): void => {
    const alarm = new Alarm(scope, id, {
      metric,
      threshold,
      alarmDescription,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    if (topic !== undefined) alarm.addAlarmAction(new SnsAction(topic))
  }
  raise('ErrorsAlarm', fn.metricErrors({ period }), 0, `The hook crashed or timed out. ${failsOpen}`)
  raise(
    'ThrottlesAlarm',
    fn.metricThrottles({ period }),
    0,
    `Lambda refused requests: raise the reserved concurrency. ${failsOpen}`,
  )
  raise('ServerErrorsAlarm', api.metricServerError({ period }), 0, `API Gateway answered 5xx. ${failsOpen}`)
  raise(
    'ClientErrorsAlarm',
    api.metricClientError({ period }),
    0,
    `API Gateway answered 4xx, e.g. it throttled. ${failsOpen}`,
  )
  raise(
    'LatencyAlarm',
    fn.metricDuration({ period, statistic: 'p99' }),
    1_000,
    'The slowest hundredth of the answers takes over 1 s; Okta waits 3 s.',
  )
  raise(
    'KeysUnavailableAlarm',
    decisions.keysUnavailable,
    0,
    "An issuer's keys cannot be obtained; exchanges are denied.",
  )
  raise(
    'InternalErrorAlarm',
    decisions.internalError,
    0,
    'The hook fails, or its configuration was refused: the log says why. Exchanges are denied.',
  )
  raise(
    'CallerUnauthenticatedAlarm',
    decisions.callerUnauthenticated,
    5,
    'Callers fail to authenticate; was the secret rotated on one side only?',
  )
}
