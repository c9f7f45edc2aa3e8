import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const src = new URL('../src/', import.meta.url).pathname

/** Which files each file imports, types included, relative to `src`. */
const imports = new Map(
  globSync('**/*.ts', { cwd: src }).map((file) => {
    const source = readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
    const found = [...source.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
      relative(src, join(src, dirname(file), path)),
    )
    return [file, found] as const
  }),
)

test('org is state only: it imports nothing but itself', () => {
  const above = [...imports].filter(
    ([file, found]) => file.startsWith('org/') && found.some((path) => !path.startsWith('org/')),
  )
  expect(above).toEqual([])
})

test('no file imports itself by way of others', () => {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
    if (done.has(file) || way.includes(file)) return
    for (const next of imports.get(file) ?? []) visit(next, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  expect(circles).toEqual([])
})
