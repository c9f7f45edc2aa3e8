import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { recordedTerminal } from './recorded-terminal.ts'

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const terminal = recordedTerminal()
  return { code: await main(args, terminal), text: [...terminal.stdout, ...terminal.stderr].join('\n') }
}

/** What bash would offer for the last of the words. */
function completeInBash(script: string, ...words: string[]): string[] {
  const asked = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_behalf; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['-c', asked], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  return stdout.trim().split('\n')
}

describe('behalf completion', () => {
  it('completes commands, their words and options in bash', async () => {
    const { code, text } = await run('completion', 'bash')
    expect(code).toBe(0)
    expect(completeInBash(text, 'behalf', 'in')).toContain('inspect')
    expect(completeInBash(text, 'behalf', 'inspect', '--is')).toEqual(['--issuer'])
    expect(completeInBash(text, 'behalf', 'keys', 'c')).toEqual(['client'])
    expect(completeInBash(text, 'behalf', 'completion', 'f')).toEqual(['fish'])
  })

  it.each(['zsh', 'fish'])('names every command in the script for %s', async (shell) => {
    const { code, text } = await run('completion', shell)
    expect(code).toBe(0)
    const overview = (await run('--help')).text
    const names = [...overview.matchAll(/^ {2}(\w+) {2}/gm)].map(([, name]) => name)
    expect(names).toContain('serve')
    for (const name of names) expect(text).toMatch(new RegExp(`\\b${name}\\b`))
  })

  it('refuses other shells with exit code 2', async () => {
    expect(await run('completion', 'tcsh')).toEqual({
      code: 2,
      text: expect.stringMatching(/bash, zsh or fish/),
    })
  })
})

describe('behalf --version', () => {
  it.each(['--version', '-v'])('%s prints the version of the package', async (option) => {
    const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
    expect(await run(option)).toEqual({ code: 0, text: JSON.parse(manifest).version })
  })

  it('is in the help', async () => {
    expect((await run('--help')).text).toContain('behalf --version')
  })
})

describe('help', () => {
  it('shows usage and an example for every command', async () => {
    const overview = (await run('--help')).text
    for (const [, name = ''] of overview.matchAll(/^ {2}(\w+) {2}/gm)) {
      const { code, text } = await run(name, '--help')
      expect(code).toBe(0)
      expect(text).toMatch(new RegExp(`^Usage: behalf ${name}`))
      expect(text).toMatch(new RegExp(`^Examples?:\\n {2}.*behalf ${name}`, 'm'))
    }
  })
})
