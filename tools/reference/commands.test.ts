import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../../packages/cli/src/commands.ts'
import { commandReferencePath, renderCommandReference } from './commands.ts'

test('the tables of the commands are what the commands take; if not, run node tools/reference/commands.ts', () => {
  const written = readFileSync(commandReferencePath, 'utf8')
  expect(renderCommandReference(written)).toBe(written)
})

test('the README names every command', () => {
  const written = readFileSync(commandReferencePath, 'utf8')
  for (const entry of commands) {
    const names = 'members' in entry ? entry.members.map(({ usage }) => usage.name) : [entry.usage.name]
    for (const name of names) expect(written).toContain(`\n### behalf ${name}\n`)
  }
})
