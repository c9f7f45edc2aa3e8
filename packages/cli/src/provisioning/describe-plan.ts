import type { Paint } from '../terminal/paint.ts'
import { printable } from '../terminal/printable.ts'
import type { Change, Made, Plan } from './plan.ts'

const signs = { create: '+', update: '~', delete: '-', keep: '=' } as const

/** One change as a line with its details below. */
export function describeChange({ action, kind, name, details }: Change, paint: Paint): string[] {
  const colour = { create: paint.good, update: paint.doubtful, delete: paint.bad, keep: paint.faint }[action]
  return [
    colour(`  ${signs[action]} ${kind.padEnd(11)}  ${printable(name)}`),
    ...details.map((detail) => `        ${printable(detail)}`),
  ]
}

/** A plan as a diff, with a line that counts. */
export function describePlan({ steps, remarks }: Plan, paint: Paint): string[] {
  const count = (action: Change['action']): number =>
    steps.filter(({ change }) => change.action === action).length
  const counted = [
    `${count('create')} to create`,
    `${count('update')} to change`,
    `${count('delete')} to delete`,
    `${count('keep')} as wanted`,
  ]
  return [
    ...steps.flatMap(({ change }) => describeChange(change, paint)),
    '',
    `${counted.join(', ')}.`,
    ...remarks.map((remark) => `${paint.doubtful('!')} ${printable(remark)}`),
  ]
}

/** What was made as variables of an environment; secrets are among them, and what the org says is escaped. */
export function describeMade({ hookSecret, clientId, clientSecret, hookPublicKey }: Made): string[] {
  const variable = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${name}=${printable(value)}`]
  return [
    ...variable('HOOK_SECRET', hookSecret),
    ...variable('CLIENT_ID', clientId),
    ...variable('CLIENT_SECRET', clientSecret),
    ...(hookPublicKey === undefined
      ? []
      : variable(
          'HOOK_PUBLIC_KEY',
          `'${JSON.stringify(hookPublicKey).replaceAll("'", String.raw`\u0027`)}'`,
        )),
  ]
}
