/**
 * Measures Behalf beside the obvious hook, bare cryptography, other libraries and a bare server, all in one
 * run: `npm run bench`. With `--json` one document of every figure; with `--check` exit code 1 when a budget
 * is missed.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { budgets, describeBudget, judge } from './budgets.ts'
import type { Figure } from './figure.ts'
import { startIssuer } from './tokens.ts'

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, check: { type: 'boolean' } } })
const here = fileURLToPath(new URL('.', import.meta.url))
for (const folder of [here, `${here}baseline`]) {
  if (!existsSync(`${folder}/node_modules`))
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
}

// What was just installed can only be loaded now.
const { makeArtefacts } = await import('./artefacts.ts')
const { hook } = await import('./figures/hook.ts')
const { sealedExchange } = await import('./figures/sealed.ts')
const { verification } = await import('./figures/verify.ts')
const { lambdaStart } = await import('./figures/lambda.ts')
const { clientCached } = await import('./figures/client-cached.ts')
const { server } = await import('./figures/server.ts')
const { sidecar } = await import('./figures/sidecar.ts')
const { scale } = await import('./figures/scale.ts')
const { memory } = await import('./figures/memory.ts')
const { policies } = await import('./figures/policies.ts')
const { telemetry } = await import('./figures/telemetry.ts')

const issuer = await startIssuer()
const artefacts = makeArtefacts()
const figures: readonly Figure[] = [
  ...(await hook(artefacts, issuer)),
  ...(await sealedExchange(issuer)),
  ...(await verification(issuer)),
  ...(await lambdaStart(artefacts, issuer)),
  ...(await clientCached(issuer)),
  ...(await server(issuer)),
  ...(await sidecar(issuer)),
  ...(await scale(issuer)),
  ...(await memory()),
  ...(await policies()),
  ...(await telemetry(issuer)),
]
issuer.stop()

const missed = figures.filter(({ name, median }) => {
  const budget = budgets[name]
  return budget !== undefined && judge(median, budget) === 'missed'
})
if (options.json) {
  const entries = figures.map(({ name, median, ...rest }) => [name, { value: median, ...rest }])
  console.log(JSON.stringify({ node: process.version, figures: Object.fromEntries(entries) }, null, 2))
} else {
  console.table(
    Object.fromEntries(
      figures.map(({ name, unit, median, low, high }) => [
        name,
        {
          median: round(median),
          low: round(low),
          high: round(high),
          unit,
          budget: judgement(name, median),
        },
      ]),
    ),
  )
}
for (const { name, median } of missed)
  console.error(`missed: ${name} is ${round(median)}, ${judgement(name, median)}`)
process.exitCode = options.check && missed.length > 0 ? 1 : 0

function round(value: number): number {
  return Number(value.toPrecision(4))
}

function judgement(name: string, value: number): string {
  const budget = budgets[name]
  return budget === undefined ? '' : `${describeBudget(budget)}: ${judge(value, budget)}`
}
