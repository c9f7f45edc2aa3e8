import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('support/memory-estimate.ts', import.meta.url))

test.each([
  ['small tokens', 0, ['orders:read']],
  ['tokens of 3 KB', 1_800, ['orders:read', 'orders:write', 'stock:read']],
  ['tokens of 12 KB', 8_000, ['orders:read']],
])('what %s take is estimated within 20 %%', async (_, padding, scopes) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    program,
    String(padding),
    ...scopes,
  ])
  const { estimated, taken } = JSON.parse(stdout)
  expect(estimated / taken).toBeGreaterThan(0.8)
  expect(estimated / taken).toBeLessThan(1.2)
})
