import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { main } from '../src/index.ts'
import { recordedTerminal } from './recorded-terminal.ts'

it.each(['--version', '-v'])('behalf %s prints the version of the package', async (option) => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  const terminal = recordedTerminal()
  expect(await main([option], terminal)).toBe(0)
  expect(terminal.stdout).toEqual([manifest.version])
})
