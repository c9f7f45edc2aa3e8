import type { Result, Telemetry } from '@behalf/core'
import { asOperation, type Ending } from '@behalf/core/internal'
import type { StepOutcome } from '../pipeline/step.ts'
import type { Progress } from '../pipeline/steps.ts'

/** Makes an operation of every step, where telemetry is put in. */
export function stepsOf(telemetry: Telemetry | undefined): Progress['aroundStep'] {
  if (telemetry === undefined) return undefined
  return (step, work) =>
    asOperation(
      telemetry,
      { name: 'behalf.hook.step', attributes: { 'behalf.step': step }, describe: describeStep },
      work,
    )
}

function describeStep(outcome: Result<StepOutcome<unknown>, unknown>): Ending<'behalf.hook.step'> {
  if (!outcome.ok) return { attributes: { 'behalf.outcome': 'failed' }, failed: true }
  const ended = outcome.value
  if (ended.ok) return { attributes: { 'behalf.outcome': 'continued' } }
  return ended.fault === 'unchanged'
    ? { attributes: { 'behalf.outcome': 'unchanged' } }
    : { attributes: { 'behalf.outcome': 'denied', 'behalf.code': ended.fault.code } }
}
