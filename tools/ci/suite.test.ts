import process from 'node:process'
import { expect, test } from 'vitest'
import { runSuite } from './suite.ts'

/** What is printed here would be read as said of this run. */
const silent = (): void => undefined

const suite = (script: string) => ({
  name: 'a suite',
  command: [process.execPath, '--eval', script] as const,
})

test.each([
  [
    'its last closing line',
    "console.log('9 passed, 9 failed\\n\\n3 passed, 0 failed, 2 skipped')",
    [3, 0, 2],
  ],
  ['its failures', "console.log('3 passed, 1 failed'); process.exitCode = 1", [3, 1, 0]],
  ['a failure that it has not counted', "console.log('3 passed, 0 failed'); process.exitCode = 1", [3, 1, 0]],
  ['one check where it counts nothing', "console.log('all 3 passed, 0 failed')", [1, 0, 0]],
  ['one failure where it counts nothing', 'process.exitCode = 2', [0, 1, 0]],
])('a suite counts by %s', async (_, script, counts) => {
  const { passed, failed, skipped } = await runSuite(suite(script), 60_000, silent)
  expect([passed, failed, skipped]).toEqual(counts)
})

test('a suite tells again what failed and why, and nothing else', async () => {
  const printed = [
    'ok    one',
    ' seen',
    'FAILED  two',
    '    expected 1',
    '    at here',
    'ok    three',
    '1 passed, 1 failed',
  ]
  const { failures } = await runSuite(
    suite(`console.log(${JSON.stringify(printed.join('\n'))})`),
    60_000,
    silent,
  )
  expect(failures).toEqual(['FAILED  two', '    expected 1', '    at here'])
})

test('a suite that takes too long is ended with all that it has started, and has failed', async () => {
  const forever = "'setInterval(() => undefined, 1000)'"
  const script = `require('node:child_process').spawn(process.execPath, ['--eval', ${forever}], { stdio: 'inherit' })`
  expect(await runSuite(suite(script), 500, silent)).toMatchObject({ passed: 0, failed: 1 })
})
