import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { describe, test } from 'vitest'

/** Software that nobody here has written, and how to tell that it is installed. */
export interface Outsider {
  readonly name: string
  /** The Debian package that brings it; one of `.ci/debian-packages.txt`. */
  readonly debianPackage: string
  /** Ends with exit code 0 where it is installed, e.g. `['nginx', '-v']`. */
  readonly probe: readonly [command: string, ...args: readonly string[]]
}

const listed = new Set(
  readFileSync(new URL('../../.ci/debian-packages.txt', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '')
    .filter(Boolean),
)

/**
 * Defines tests that need an outsider. Where it is missing they are skipped, which is said in a line of its own; in CI
 * (`CI=true`) they fail, since there everything is installed.
 */
export function withOutsider(outsider: Outsider, define: () => void): void {
  const { name, debianPackage, probe } = outsider
  if (!listed.has(debianPackage)) throw new Error(`${debianPackage} is missing in .ci/debian-packages.txt`)
  const [command, ...args] = probe
  if (spawnSync(command, args).status === 0) {
    describe(name, define)
  } else if (process.env['CI'] === 'true') {
    test(`${name} is installed`, () => {
      throw new Error(`'${probe.join(' ')}' fails; the Debian package is ${debianPackage}`)
    })
  } else {
    console.warn(`SKIPPED: ${name} is not installed; the Debian package is ${debianPackage}`)
    describe.skip(name, define)
  }
}
