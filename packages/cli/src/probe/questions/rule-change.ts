import type { JsonObject } from '@behalf/core'
import type { ManagementAnswer } from '../../okta/management-api.ts'
import { policiesPathOf } from '../../okta/rules.ts'
import type { Bench } from '../question.ts'

/** Says where the rule of a run is. */
export function rulePathOf({ made }: Bench): string {
  return `${policiesPathOf(made.serverId)}/${made.policyId}/rules/${made.ruleId}`
}

/** Changes the rule of a run, does something meanwhile if Okta takes the change, and puts the rule back. */
export async function withRule<T>(
  bench: Bench,
  change: (rule: JsonObject) => JsonObject,
  meanwhile: (answer: ManagementAnswer) => Promise<T>,
): Promise<T> {
  const path = rulePathOf(bench)
  const { document } = await bench.manage('GET', path)
  const { _links, _embedded, ...rule } = document
  try {
    const answer = await bench.manage('PUT', path, change(rule))
    await bench.settle()
    return await meanwhile(answer)
  } finally {
    await bench.putBack('PUT', path, rule)
    await bench.settle()
  }
}
