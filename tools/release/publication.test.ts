import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, workspacePackages } from '../workspace.ts'
import { neededPublication, publicationOf } from './publication.ts'
import { publishedManifest, publishedReadme } from './published-files.ts'

const repository = { type: 'git', url: 'git+https://git.example/team/behalf.git' }
const published = {
  repository: repository.url,
  page: 'https://git.example/team/behalf',
  homepage: 'https://git.example/team/behalf#readme',
  bugs: 'https://git.example/team/behalf/issues',
}

test('homepage and bugs follow from the repository, unless they are said', () => {
  expect(publicationOf({ repository })).toEqual(published)
  const said = { homepage: 'https://behalf.example', bugs: { url: 'https://bugs.example' } }
  expect(publicationOf({ repository, ...said })).toMatchObject({
    homepage: 'https://behalf.example',
    bugs: 'https://bugs.example',
  })
})

test('what is no repository is refused, and nothing can be published from nowhere', () => {
  expect(() => publicationOf({ repository: { ...repository, url: 'github:team/behalf' } })).toThrow(
    'repository must be',
  )
  expect(publicationOf({})).toBeUndefined()
  expect(() => neededPublication({})).toThrow('npm pkg set repository.type=git')
})

test('a package says where in the repository it is', () => {
  expect(publishedManifest({ name: 'a' }, 'packages/a', published)).toEqual({
    name: 'a',
    repository: { ...repository, directory: 'packages/a' },
    homepage: published.homepage,
    bugs: { url: published.bugs },
  })
})

test.each([
  ['[b](../b/README.md)', '[b](https://git.example/team/behalf/blob/v1.2.3/packages/b/README.md)'],
  ['[d](../../docs/d.md#e)', '[d](https://git.example/team/behalf/blob/v1.2.3/docs/d.md#e)'],
  ['![p](../../docs/p.png)', '![p](https://git.example/team/behalf/raw/v1.2.3/docs/p.png)'],
  ['[`a[0]`](x.ts)', '[`a[0]`](https://git.example/team/behalf/blob/v1.2.3/packages/a/x.ts)'],
  ['[here](#below)', '[here](#below)'],
  ['[there](https://there.example/x)', '[there](https://there.example/x)'],
])('%s of a README is published as %s', (link, expected) => {
  expect(publishedReadme(link, 'packages/a', '1.2.3', published)).toBe(expected)
})

test('no README of ours keeps a relative link', () => {
  for (const { folder, isPublished } of workspacePackages()) {
    if (!isPublished) continue
    const text = publishedReadme(
      readFileSync(join(root, folder, 'README.md'), 'utf8'),
      folder,
      '1.2.3',
      published,
    )
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '')
    expect([folder, prose.match(/\]\((?!https?:|#|mailto:)[^)]*\)/g)]).toEqual([folder, null])
  }
})

test('npm run pack says what is missing before it packs anything for publishing', () => {
  if (publicationOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))) !== undefined) return
  const out = mkdtempSync(join(tmpdir(), 'behalf-tarballs-'))
  try {
    const args = ['tools/release/tarballs.ts', '--for-publishing', '--out', out]
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    expect([status, stderr, readdirSync(out)]).toEqual([1, expect.stringContaining('npm pkg set'), []])
  } finally {
    rmSync(out, { recursive: true })
  }
})
