/** Holds what workflows, and the image that they build, must not do; see `findWorkflowFaults` and `findBaseFaults`. */
import { globSync, readFileSync } from 'node:fs'
import { findBaseFaults, findWorkflowFaults } from './workflow-rules.ts'

const workflows = globSync('.github/workflows/*.{yml,yaml}')
const faults = workflows.flatMap((file) =>
  findWorkflowFaults(readFileSync(file, 'utf8')).map((fault) => `${file}: ${fault}`),
)
faults.push(...findBaseFaults(readFileSync('Dockerfile', 'utf8')).map((fault) => `Dockerfile: ${fault}`))
for (const fault of faults) console.error(fault)
console.log(`workflows: ${workflows.length}, ${faults.length} faults`)
process.exitCode = faults.length === 0 && workflows.length > 0 ? 0 : 1
