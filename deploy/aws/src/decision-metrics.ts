import { Aws, Duration, Stack } from 'aws-cdk-lib'
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, type IFilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

/** Where the lines are that are counted. */
export interface DecisionLogs {
  /** The function's: a decision record a line. */
  readonly decisions: ILogGroup
  /** API Gateway's: a request a line. */
  readonly access: ILogGroup
}

/** Counts of decisions, read off the decision records that the function logs as JSON lines, in a namespace of the stack's own. */
export class DecisionMetrics extends Construct {
  readonly permitted: Metric
  readonly denied: Metric
  /** Calls of Okta's: those that authenticated, whatever became of them. */
  readonly authenticated: Metric
  /** Calls with a secret or a token that is not right; who sends none at all is not Okta and does not count. */
  readonly refused: Metric
  /** Denials because an issuer's keys could not be obtained. */
  readonly keysUnavailable: Metric
  /** Denials because the hook failed; all of them when its configuration was refused. */
  readonly internalError: Metric
  /** Requests that API Gateway refused because there were too many. */
  readonly gatewayThrottled: Metric

  constructor(scope: Construct, id: string, { decisions, access }: DecisionLogs) {
    super(scope, id)
    const stackPath = Stack.of(this).node.path
    const path = this.node.path.slice(stackPath.length).replace(/^\//, '')
    const count = (name: string, filterPattern: IFilterPattern, logGroup = decisions): Metric =>
      new MetricFilter(this, name, {
        logGroup,
        metricNamespace: `Behalf/${Aws.STACK_NAME}`,
        metricName: `${path}/${name}`,
        filterPattern,
        metricValue: '1',
        defaultValue: 0,
      }).metric({ statistic: 'sum', period: Duration.minutes(1) })
    const is = (field: string, value: string) => FilterPattern.stringValue(field, '=', value)
    const isNot = (field: string, value: string) => FilterPattern.stringValue(field, '!=', value)
    this.permitted = count('Permitted', is('$.decision', 'permit'))
    this.denied = count('Denied', is('$.decision', 'deny'))
    this.authenticated = count(
      'Authenticated',
      FilterPattern.all(is('$.decision', '*'), isNot('$.step', 'arrival'), isNot('$.step', 'authenticate')),
    )
    // The hook says so of a header that is not there; scanners send none, or none of that name.
    this.refused = count(
      'Refused',
      FilterPattern.all(is('$.code', 'caller_unauthenticated'), isNot('$.detail', '*is missing')),
    )
    this.keysUnavailable = count('KeysUnavailable', is('$.code', 'keys_unavailable'))
    this.internalError = count('InternalError', is('$.code', 'internal_error'))
    this.gatewayThrottled = count('GatewayThrottled', is('$.status', '429'), access)
  }
}
