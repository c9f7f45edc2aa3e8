import { Duration } from 'aws-cdk-lib'
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

/** Counts of decisions, read off the decision records that the function logs as JSON lines. */
export class DecisionMetrics extends Construct {
  readonly permitted: Metric
  readonly denied: Metric
  /** Denials because an issuer's keys could not be obtained. */
  readonly keysUnavailable: Metric
  /** Denials because the caller did not authenticate: after a rotation on one side only, every request. */
  readonly callerUnauthenticated: Metric
  /** Denials because the hook failed; all of them when its configuration was refused. */
  readonly internalError: Metric

  constructor(scope: Construct, id: string, logGroup: ILogGroup) {
    super(scope, id)
    const count = (name: string, field: string, value: string): Metric =>
      new MetricFilter(this, name, {
        logGroup,
        metricNamespace: 'Behalf',
        metricName: `${this.node.path}/${name}`,
        filterPattern: FilterPattern.stringValue(field, '=', value),
        metricValue: '1',
        defaultValue: 0,
      }).metric({ statistic: 'sum', period: Duration.minutes(1) })
    this.permitted = count('Permitted', '$.decision', 'permit')
    this.denied = count('Denied', '$.decision', 'deny')
    this.keysUnavailable = count('KeysUnavailable', '$.code', 'keys_unavailable')
    this.internalError = count('InternalError', '$.code', 'internal_error')
    this.callerUnauthenticated = count('CallerUnauthenticated', '$.code', 'caller_unauthenticated')
  }
}
