import { bad, doubtful, faint, good, type Line, line } from '../terminal/line.ts'
import { printable } from '../terminal/printable.ts'
import type { Change, Made, Plan } from './plan.ts'

const signs = { create: '+', update: '~', delete: '-', keep: '=' } as const

/** Returns one change as a line with its details below. */
export function describeChange({ action, kind, name, details }: Change): Line[] {
  const colour = { create: good, update: doubtful, delete: bad, keep: faint }[action]
  return [
    colour(`  ${signs[action]} ${kind.padEnd(11)}  ${name}`),
    ...details.map((detail) => `        ${detail}`),
  ]
}

/** Returns a plan as a diff, with a line that counts. */
export function describePlan({ steps, remarks }: Plan): Line[] {
  const count = (action: Change['action']): number =>
    steps.filter(({ change }) => change.action === action).length
  const counted = [
    `${count('create')} to create`,
    `${count('update')} to change`,
    `${count('delete')} to delete`,
    `${count('keep')} as wanted`,
  ]
  return [
    ...steps.flatMap(({ change }) => describeChange(change)),
    '',
    `${counted.join(', ')}.`,
    ...remarks.map((remark) => line`${doubtful('!')} ${remark}`),
  ]
}

/** Says what was made as variables of an environment; secrets are among them, and what the org says is escaped. */
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
