import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { BehalfProcess } from './behalf-process.ts'

it('a reader that has gone away, as in `behalf --help | head -1`, changes neither exit code nor complaints', async () => {
  await using behalf = new BehalfProcess(['--help'])
  behalf.child.stdout?.destroy()

  expect(await behalf.exitCode()).toBe(0)
  expect(behalf.stderr).toEqual([])
})

it.runIf(process.platform === 'linux')(
  'output that there is no space for is told by the exit code alone',
  async () => {
    const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))
    const child = spawn('sh', ['-c', `exec "${process.execPath}" "${bin}" --help > /dev/full`])
    const [complaints, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect([complaints, code]).toEqual(['', 1])
  },
)
