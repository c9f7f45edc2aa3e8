import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

/**
 * Looks at every link and picture of a built site that stays in it.
 *
 * @param folder - what was built, for the base `/`
 * @returns how many there are, and where each dead one is
 */
export function findDeadLinks(folder: string): { readonly count: number; readonly dead: readonly string[] } {
  const files = globSync('**/*.html', { cwd: folder })
  const ids = new Map(files.map((file) => [file, idsOf(readFileSync(join(folder, file), 'utf8'))]))
  const dead: string[] = []
  let count = 0
  for (const file of files) {
    for (const target of new Set(linksOf(readFileSync(join(folder, file), 'utf8')))) {
      count++
      const [path = '', fragment] = target.split('#', 2)
      const linked = path === '' ? file : fileOf(folder, posix.join('/', posix.dirname(file), path), path)
      if (linked === undefined) dead.push(`${file}: ${target} leads nowhere`)
      else if (fragment && ids.get(linked)?.has(decodeURIComponent(fragment)) === false)
        dead.push(`${file}: ${target} names no heading there`)
    }
  }
  return { count, dead }
}

function fileOf(folder: string, relative: string, path: string): string | undefined {
  const at = decodeURIComponent(path.startsWith('/') ? path : relative).replace(/^\//, '')
  return [at, `${at}.html`, posix.join(at, 'index.html')].find(
    (name) => existsSync(join(folder, name)) && statSync(join(folder, name)).isFile(),
  )
}

function linksOf(html: string): readonly string[] {
  return [...html.matchAll(/<(?:a|img)\b[^>]*?\s(?:href|src)="([^"]*)"/g)]
    .map(([, target = '']) => target.replaceAll('&amp;', '&'))
    .filter((target) => target !== '' && !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target))
}

function idsOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id))
}
