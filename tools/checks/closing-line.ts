import { stripVTControlCharacters } from 'node:util'
import type { TestModule } from 'vitest/node'

/** As Vitest hands over what was thrown. */
interface Failure {
  readonly message: string
  readonly stack?: string
  readonly diff?: string
}

/**
 * Ends a Vitest run with what failed and the one line that any CI can read: `N passed, N failed[, N skipped]`. A name
 * that failed stands behind `FAILED`, as in every suite, and why on the indented lines below it.
 */
export default class ClosingLine {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly Failure[]): void {
    let passed = 0
    let failed = 0
    let skipped = 0
    const fail = (name: string, errors: readonly Failure[]): void => {
      failed++
      console.log(`FAILED  ${name}\n${errors.map(describe).join('\n')}`)
    }
    console.log()
    for (const error of unhandledErrors) fail('an error that no test has handled', [error])
    for (const module of modules) {
      if (module.errors().length > 0) fail(module.relativeModuleId, module.errors())
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result()
        if (state === 'passed') passed++
        else if (state === 'failed') fail(`${module.relativeModuleId} > ${test.fullName}`, errors)
        else skipped++
      }
    }
    console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  }
}

/** The message, what was expected, and the frames of our own that lead to it, indented. */
function describe({ message, diff = '', stack = '' }: Failure): string {
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at .*\//.test(line) && !line.includes('/node_modules/'))
  return [message, stripVTControlCharacters(diff), ...frames.map((line) => line.trim())]
    .join('\n')
    .replaceAll(/^/gm, '    ')
}
