import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Packed } from '../release/pack.ts'
import { check, run } from './report.ts'

/** Error classes, by the package that exports them. */
const classes: Readonly<Record<string, readonly string[]>> = {
  '@behalf/core': ['BehalfError'],
  '@behalf/client': ['BehalfError', 'ExchangeError'],
  '@behalf/verify': ['BehalfError', 'TokenError'],
}

/** Loads both copies of a package into one process and throws errors of each at the other. */
export function tryCopies({ manifest: { name } }: Packed, project: string): void {
  for (const errorClass of classes[name] ?? [])
    check(`${name}: ${errorClass} is recognised across the copies of import and require`, () => {
      writeFileSync(
        join(project, 'copies.cjs'),
        `const required = require('${name}').${errorClass}
         import('${name}').then(({ ${errorClass}: imported }) => {
           if (required === imported) throw new Error('there is one copy only')
           if (!(new required('overloaded') instanceof imported)) throw new Error('what was required is not recognised')
           if (!(new imported('overloaded') instanceof required)) throw new Error('what was imported is not recognised')
         })`,
      )
      run(process.execPath, ['copies.cjs'], project)
    })
}
