/** Draws the diagrams into `docs/pictures`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../workspace.ts'
import { drawings } from './drawings.ts'

for (const [file, svg] of Object.entries(drawings())) writeFileSync(join(root, file), svg)
console.log(`diagrams: ${Object.keys(drawings()).length} drawn`)
