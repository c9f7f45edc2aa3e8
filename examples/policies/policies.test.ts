import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@behalf/core'
import { policySetTextToParts } from '@cedar-policy/cedar-wasm/nodejs'
import { main } from 'behalf'
import { describe, expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))
const folders = globSync(join(here, '*/policy.cedar')).map((file) => join(file, '..'))

/** Runs `behalf policy …`. */
async function policy(...args: readonly string[]) {
  const lines: string[] = []
  const exitCode = await main(['policy', ...args], {
    env: {},
    clock: systemClock,
    columns: 160,
    stopped: new Promise(() => undefined),
    print: (line) => lines.push([line].flat().join('')),
    complain: (line) => lines.push([line].flat().join('')),
    logs: { output: process.stdout, errors: process.stderr },
    showProgress: () => undefined,
    readInput: async () => '',
    ask: undefined,
  })
  return { exitCode, output: lines.join('\n') }
}

it('are seven', () => {
  expect(folders).toHaveLength(7)
})

describe.each(folders.map((folder) => [basename(folder), folder]))('%s', (_, folder) => {
  it('has policies with nothing wrong or doubtful about them', async () => {
    const { exitCode, output } = await policy('check', join(folder, 'policy.test.yaml'), '--strict')
    expect(output).toMatch(/ 0 errors, 0 warnings$/)
    expect(exitCode).toBe(0)
  })

  it('passes its tests', async () => {
    const { exitCode, output } = await policy('test', join(folder, 'policy.test.yaml'))
    expect(output).not.toContain('FAILED')
    expect(exitCode).toBe(0)
  })

  it('fails its tests without any one of its policies', async () => {
    const text = readFileSync(join(folder, 'policy.cedar'), 'utf8')
    const parts = policySetTextToParts(text)
    const policies = parts.type === 'success' ? parts.policies : []
    expect(policies.length).toBeGreaterThan(1)
    const copy = mkdtempSync(join(tmpdir(), 'behalf-policies-'))
    try {
      cpSync(folder, copy, { recursive: true })
      for (const one of policies) {
        writeFileSync(join(copy, 'policy.cedar'), text.replace(one, ''))
        expect(await policy('test', join(copy, 'policy.test.yaml'))).toMatchObject({ exitCode: 1 })
      }
    } finally {
      rmSync(copy, { recursive: true })
    }
  })
})
