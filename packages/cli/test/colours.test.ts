import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { generateSigningKey, signJwt, userClaims } from '@behalf/testing'
import { describe, expect, it } from 'vitest'
import { BehalfProcess } from './behalf-process.ts'

const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))
const token = signJwt(generateSigningKey(), userClaims(Math.floor(Date.now() / 1000)))
const hasScript = spawnSync('script', ['--version']).status === 0

/** What a terminal gets to see. */
function onTerminal(env: Readonly<Record<string, string>>): string {
  const command = `'${process.execPath}' '${bin}' inspect ${token}`
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...env },
  })
  expect(stdout).toContain('nothing wrong was found')
  return stdout
}

describe('colours', () => {
  it.skipIf(!hasScript)('are for terminals, unless NO_COLOR says no', () => {
    expect(onTerminal({})).toContain('\u001b[32m✓')
    expect(onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b')
    expect(onTerminal({ TERM: 'dumb' })).not.toContain('\u001b')
  })

  it('are not for files and pipes', async () => {
    await using inspect = new BehalfProcess(['inspect', token], { env: { TERM: 'xterm' } })
    expect(await inspect.exitCode()).toBe(0)
    expect(inspect.stdout.join('\n')).not.toContain('\u001b')
  })
})
