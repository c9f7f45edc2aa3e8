import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../workspace.ts'
import { drawings } from './drawings.ts'

test.each(Object.entries(drawings()))(
  '%s is as it is drawn: node tools/site/diagrams/main.ts',
  (file, svg) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(svg)
  },
)
