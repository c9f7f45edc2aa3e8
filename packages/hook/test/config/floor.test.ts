import { globSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const sources = fileURLToPath(new URL('../../src', import.meta.url))

/** The files of the package that a file imports, by their paths in it. */
function importsOf(file: string): readonly string[] {
  const code = readFileSync(resolve(sources, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  return [...code.matchAll(/from '(\.[^']+)'/g)].map(([, specifier = '']) =>
    relative(sources, resolve(sources, dirname(file), specifier)),
  )
}

const isConfig = (file: string): boolean => file.startsWith('config/')

test('configuration is a floor: it stands on errors, secrets and the types of policies, seals and events, and none of them on it', () => {
  const below = new Set<string>()
  const visit = (file: string): void => {
    for (const imported of importsOf(file)) {
      if (isConfig(imported) || below.has(imported)) continue
      below.add(imported)
      visit(imported)
    }
  }
  const rooms = globSync('config/**/*.ts', { cwd: sources })
  expect(rooms.length).toBeGreaterThan(5)
  for (const file of rooms) visit(file)
  const allowed =
    /^(errors|secrets)\/|^policy\/(decision-point|decision|delegation)\.ts$|^sealing\/sealing\.ts$|^events\/event-hooks\.ts$/
  expect([...below].filter((file) => !allowed.test(file))).toEqual([])
  expect([...below].filter((file) => importsOf(file).some(isConfig))).toEqual([])
})
