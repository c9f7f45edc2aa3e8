import { Duration } from 'aws-cdk-lib'
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { Observed } from './alarms.ts'

const period = Duration.minutes(5)

/** One page: what was decided, how fast, and what failed. */
export function addDashboard(scope: Construct, { function: fn, api, decisions }: Observed): void {
  const graph = (title: string, left: readonly IMetric[]): GraphWidget =>
    new GraphWidget({ title, width: 12, left: [...left] })
  new Dashboard(scope, 'Dashboard', {
    widgets: [
      [
        graph('Decisions', [decisions.authenticated, decisions.permitted, decisions.denied]),
        graph('Denials that need somebody', [
          decisions.keysUnavailable,
          decisions.refused,
          decisions.internalError,
        ]),
      ],
      [
        graph(
          'Duration (Okta waits 3 000 ms)',
          ['p50', 'p99', 'Maximum'].map((statistic) => fn.metricDuration({ period, statistic })),
        ),
        graph('What makes Okta issue plain tokens', [
          fn.metricErrors({ period }),
          fn.metricThrottles({ period }),
          api.metricServerError({ period }),
          decisions.gatewayThrottled,
        ]),
      ],
    ],
  })
}
