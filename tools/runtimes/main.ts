/**
 * Runs what can differ between runtimes on each of them: the portable suite inside it, and the attack
 * catalogue against the hook that it serves. Then the packed Lambda function, in a process of its own.
 * `npm run test:runtimes` installs the runtimes first when they are not there.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { catalogue, type HookTarget, listFailures, runAttacks } from '@behalf/testing/attacks'
import { azureTarget } from './azure.ts'
import { bundlePrograms, folder } from './bundle.ts'
import { checks, secretChecks } from './lambda/checks.ts'
import { hasInterfaceClient } from './lambda/function.ts'
import { runtimes } from './runtime.ts'
import { type Fixture, makeFixture } from './suite/fixture.ts'
import type { Results } from './suite/run.ts'
import { packedTarget, runtimeTarget, workerdTarget } from './targets.ts'
import { WorkerdServer } from './workerd.ts'
import { workerdChecks } from './workerd-checks.ts'
import { workerdSdkChecks } from './workerd-sdk-checks.ts'

/** What a runtime cannot do; these tests must fail there, so that the table stays true. */
const unsupported: Readonly<Record<string, readonly string[]>> = {
  workerd: ['verifies PS256', 'verifies ES256'],
}

let passed = 0
let failed = 0

function report(name: string, failures: readonly string[], count: number): void {
  console.log(
    `${failures.length === 0 ? 'ok    ' : 'FAILED'}  ${name}: ${count - failures.length} of ${count}`,
  )
  for (const failure of failures.slice(0, 20)) console.log(`          ${failure}`)
  passed += count - failures.length
  failed += failures.length
}

function reportSuite(name: string, results: Results): void {
  const expectedToFail = unsupported[name] ?? []
  const failures = Object.entries(results).flatMap(([test, fault]) => {
    if (expectedToFail.includes(test))
      return fault === null ? [`${test}: passes, so that the table is wrong`] : []
    return fault === null ? [] : [`${test}: ${fault}`]
  })
  report(
    `${name}, suite${expectedToFail.length > 0 ? ` (without: ${expectedToFail.join(', ')})` : ''}`,
    failures,
    Object.keys(results).length,
  )
}

async function suiteOnWorkerd(fixture: Fixture): Promise<Results> {
  await using server = await WorkerdServer.start('suite-worker.mjs', {})
  const response = await fetch(server.origin, { method: 'POST', body: JSON.stringify(fixture) })
  return JSON.parse(await response.text())
}

/** Attacks on algorithms that a runtime cannot verify end in a denial all the same, though with another code. */
const deniedInstead = /\/(es|ps)256.* on workerd: .*found internal_error$/

async function attack(target: HookTarget): Promise<void> {
  const results = await runAttacks(catalogue, { hooks: [target], apis: [] })
  const failures = listFailures(results).filter((failure) => !deniedInstead.test(failure))
  report(`${target.name}, attacks`, failures, results.length)
}

async function checkAll(
  subject: string,
  cases: Readonly<Record<string, () => Promise<void>>>,
): Promise<void> {
  for (const [name, check] of Object.entries(cases)) {
    const failures = await check().then(
      () => [],
      (error: unknown) => [error instanceof Error ? error.message : String(error)],
    )
    report(`${subject}, ${name}`, failures, 1)
  }
}

await bundlePrograms()
const fixture = makeFixture()
writeFileSync(`${folder}fixture.json`, JSON.stringify(fixture))

for (const { name, command } of runtimes) {
  const [file = '', ...args] = command
  const output = execFileSync(file, [...args, `${folder}suite.mjs`, `${folder}fixture.json`], {
    encoding: 'utf8',
  })
  reportSuite(name, JSON.parse(output))
}
reportSuite('workerd', await suiteOnWorkerd(fixture))
for (const runtime of runtimes) await attack(runtimeTarget(runtime))
await attack(workerdTarget)
await attack(azureTarget)

const client = hasInterfaceClient() ? 'aws-lambda-ric' : 'bootstrap'
if (client === 'bootstrap')
  console.log('aws-lambda-ric is not built here (it needs cmake and a C++ compiler)')
await checkAll('workerd', { ...workerdChecks, ...workerdSdkChecks })
const lambdaChecks = client === 'bootstrap' ? checks : { ...checks, ...secretChecks }
await checkAll(
  `packed function (${client})`,
  Object.fromEntries(Object.entries(lambdaChecks).map(([name, check]) => [name, () => check(client)])),
)
await attack(packedTarget(client))

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
