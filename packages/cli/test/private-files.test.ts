import { chmod, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { replacePrivateFile } from '../src/files/new-file.ts'
import { main } from '../src/index.ts'
import { folderWith } from './behalf-process.ts'
import { recordedTerminal } from './recorded-terminal.ts'

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

describe('a state file', () => {
  it('is for its owner only, whoever could read the one before', async () => {
    await using folder = await folderWith({})
    const file = join(folder.path, 'state.json')
    for (const before of [undefined, 0o644, 0o666]) {
      if (before !== undefined) await chmod(file, before)
      const terminal = recordedTerminal()
      const done = main(['sandbox', '--port', '0', '--state', file, '--json'], terminal)
      await expect.poll(() => terminal.stdout.length).toBeGreaterThan(0)
      terminal.stop()
      expect(await done).toBe(0)
      expect(await modeOf(file)).toBe(0o600)
      expect(await readdir(folder.path)).toEqual(['state.json'])
    }
  })

  it('is refused at the start where it could not be written in the end', async () => {
    await using folder = await folderWith({ file: '' })
    for (const [file, sentence] of [
      ['.', /is a folder; name a file/],
      ['nowhere/state.json', /does not exist; create it first/],
      ['file/state.json', /does not exist; create it first/],
    ] as const) {
      const terminal = recordedTerminal()
      expect(await main(['sandbox', '--port', '0', '--state', join(folder.path, file)], terminal)).toBe(2)
      expect(terminal.stderr.join('\n')).toMatch(sentence)
    }
  })

  it('is not written through a link of somebody else, and leaves nothing behind when it cannot be written', async () => {
    await using folder = await folderWith({ other: 'theirs' })
    const [file, other] = [join(folder.path, 'state.json'), join(folder.path, 'other')]
    await symlink(other, file)
    await replacePrivateFile(file, 'mine')
    expect(await modeOf(file)).toBe(0o600)
    expect((await stat(other)).size).toBe('theirs'.length)
    await writeFile(join(folder.path, 'folder'), '')
    await expect(replacePrivateFile(join(folder.path, 'folder', 'x'), 'mine')).rejects.toMatchObject({
      code: 'ENOTDIR',
    })
    expect((await readdir(folder.path)).toSorted()).toEqual(['folder', 'other', 'state.json'])
  })
})
