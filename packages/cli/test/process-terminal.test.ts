import { expect, it } from 'vitest'
import { BehalfProcess } from './behalf-process.ts'

it('a reader that has gone away, as in `behalf --help | head -1`, changes neither exit code nor complaints', async () => {
  await using behalf = new BehalfProcess(['--help'])
  behalf.child.stdout?.destroy()

  expect(await behalf.exitCode()).toBe(0)
  expect(behalf.stderr).toEqual([])
})
