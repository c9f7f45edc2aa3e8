import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cedar } from '@behalf/hook/cedar'
import { afterAll, describe, expect, it } from 'vitest'

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true })
})

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-files-'))
  made.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const rule = (id: string) => `@id("${id}") permit(principal, action, resource);`
const read = (folder: string) => {
  const { faults, rules = [], files = [] } = cedar({ policies: folder })
  const inside = (path: string) => path.replace(/^.*behalf-files-[^/]*\/?/, '')
  return {
    ids: rules.map(({ id }) => id),
    files: files.map(inside),
    faults: faults.map(({ path, problem }) => `${inside(path)}: ${problem}`),
  }
}

describe('a folder of policies', () => {
  it('is read with all folders below it', () => {
    const folder = folderWith({
      'a.cedar': rule('a'),
      'teams/b.cedar': rule('b'),
      'teams/deep/er/c.cedar': rule('c'),
      'z.cedar/d.cedar': rule('d'),
      'README.md': 'x',
      'behalf.cedarschema': 'x',
      'behalf.cedarschema.json': '{}',
      '.e.cedar.swp': 'x',
    })
    expect(read(folder)).toEqual({
      ids: ['a', 'b', 'c', 'd'],
      files: ['', 'teams', 'teams/deep', 'teams/deep/er', 'z.cedar'],
      faults: [],
    })
  })

  it.each([
    'b.Cedar',
    'b.CEDAR',
    'b.cedar.txt',
    'b.ceder',
    'b.cedr',
    'b.Ceadr',
    'b.cedar.bak',
    'b.cedar~',
    'b.cedar ',
    'b.cedar.json',
    'x/b.Cedar',
    'b.cdr',
    'b_cedar',
    'cedar',
    'b.txt',
    'b.policy',
    'x/b',
  ])('is refused with the file %j, which looks like policies and is not read', (name) => {
    const { faults } = read(folderWith({ 'a.cedar': rule('a'), [name]: rule('b') }))
    expect(faults).toEqual([
      `${name}: looks like policies and is not read: let its name end in .cedar, or move it elsewhere`,
    ])
  })

  it('is read with files whose names begin with dots', () => {
    const folder = folderWith({ '.a.cedar': rule('a'), '..b.cedar': rule('b'), '.c/c.cedar': rule('c') })
    expect(read(folder)).toMatchObject({ ids: ['b', 'a', 'c'], faults: [] })
  })

  it('may have documents beside it that quote policies', () => {
    const text = `# Policies\n\n    ${rule('quoted')}\n`
    const folder = folderWith({ 'a.cedar': rule('a'), 'README.md': text, 'tests.yaml': text })
    expect(read(folder)).toMatchObject({ ids: ['a'], faults: [] })
  })

  it('is read once when it is mounted as Kubernetes mounts it', () => {
    const folder = folderWith({ '..2026_11_24/a.cedar': rule('a') })
    symlinkSync('..2026_11_24', join(folder, '..data'))
    symlinkSync('..data/a.cedar', join(folder, 'a.cedar'))
    expect(read(folder)).toMatchObject({ ids: ['a'], faults: [] })
  })

  it('is refused when a link in it leads back', () => {
    const folder = folderWith({ 'a/b.cedar': 'x' })
    writeFileSync(join(folder, 'a/b.cedar'), rule('b'))
    symlinkSync('..', join(folder, 'a/up'))
    expect(read(folder).faults.join('\n')).toContain('lies more than 16 folders deep')
  })

  it('is refused with a link to nothing, and without any policies', () => {
    const folder = folderWith({ 'a.cedar': rule('a'), 'empty.cedar': ' \n' })
    symlinkSync('nowhere', join(folder, 'b.cedar'))
    expect(read(folder).faults).toEqual(['b.cedar: cannot be read (ENOENT)', 'empty.cedar: is empty'])
    expect(read(folderWith({ 'sub/x.txt': '' })).faults).toEqual([': holds no file that ends in .cedar'])
  })
})

describe('files that are read again', () => {
  it('include those of folders that have come since', () => {
    const folder = folderWith({ 'a.cedar': rule('a') })
    const point = cedar({ policies: folder })
    mkdirSync(join(folder, 'new'))
    writeFileSync(join(folder, 'new/b.cedar'), rule('b'))
    point.reload?.().apply()
    expect(point.rules?.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(point.files).toEqual([folder, join(folder, 'new')])
  })
})
