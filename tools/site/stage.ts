import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { publicationOf } from '../release/publication.ts'
import { root } from '../workspace.ts'
import { decisionsFolder, order, tableOfContents } from './order.ts'

/** A page of the site, and the file that it is made of. */
export interface Page {
  /** Relative to the repository's root. */
  readonly source: string
  /** Relative to the site's. */
  readonly path: string
  readonly title: string
}

/** What the site is made of. */
export interface StagedSite {
  readonly sections: readonly { readonly title: string; readonly pages: readonly Page[] }[]
  readonly decisions: readonly Page[]
}

const picturesFolder = 'docs/pictures'

/**
 * Writes the Markdown files where the site has them, with links that lead to pages of the site. What is no page is
 * linked to the repository, once that is known, and is a text until then.
 */
export function stage(folder: string): StagedSite {
  rmSync(folder, { recursive: true, force: true })
  const sections = order.map(({ title, pages }) => ({
    title,
    pages: pages.filter((source) => existsSync(join(root, source))).map(pageOf),
  }))
  const decisions = globSync(`${decisionsFolder}/*.md`, { cwd: root }).toSorted().map(pageOf)
  const pages = [...sections.flatMap((section) => section.pages), ...decisions]
  const paths = new Map(pages.map(({ source, path }) => [source, `/${path}`]))
  for (const { source, path } of pages) {
    const staged = withSiteLinks(readFileSync(join(root, source), 'utf8'), source, paths)
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), staged)
  }
  cpSync(join(root, picturesFolder), join(folder, 'public/pictures'), { recursive: true })
  cpSync(join(root, 'tools/site/home.md'), join(folder, 'index.md'))
  return { sections, decisions }
}

function pageOf(source: string): Page {
  const text = readFileSync(join(root, source), 'utf8')
  const title = (/^# (.+)$/m.exec(text)?.[1] ?? source).replaceAll('`', '')
  return { source, path: sitePath(source), title: source === 'README.md' ? 'Behalf in one page' : title }
}

/** `packages/client/README.md` becomes `packages/client.md`, what is in `docs/` goes to the top. */
function sitePath(source: string): string {
  if (source === 'README.md') return 'what-is-it.md'
  if (!source.includes('/')) return source.toLowerCase()
  return source.replace(/^docs\//, '').replace(/\/README\.md$/, '.md')
}

/** Rewrites the targets of links and images, outside of code. */
function withSiteLinks(markdown: string, source: string, paths: ReadonlyMap<string, string>): string {
  const repository = publicationOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))?.page
  return markdown
    .replaceAll(/^```(\w+) not-run$/gm, '```$1')
    .split(/(^ {0,3}```[\s\S]*?^ {0,3}```[ \t]*$)/m)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(link, rewrite)))
    .join('')

  function rewrite(whole: string, image: string, text: string, path: string, fragment: string = ''): string {
    const target = posix.join(posix.dirname(source), path).replace(/\/$/, '')
    if (image !== '') return `![${text}](/${target.replace(/^docs\//, '')})`
    const page = paths.get(target) ?? paths.get(`${target}/README.md`)
    // A link may have a picture for its text, which has links of its own.
    const inner = text.replaceAll(link, rewrite)
    // The site has its sidebar in the place of the table of contents, whose headings nobody sees there.
    if (target === tableOfContents) return `[${inner}](/)`
    if (page !== undefined) return `[${inner}](${page}${fragment})`
    if (repository !== undefined) return `[${inner}](${repository}/blob/main/${target}${fragment})`
    return whole.startsWith('[') ? inner : whole
  }
}

/** `[text](relative/path#fragment)`; the text may hold brackets. */
const link =
  /(!?)\[((?:[^[\]]|\[[^\]]*\](?:\([^)]*\))?)*)\]\((?![a-z][a-z0-9+.-]*:|#)([^)\s#]+)(#[^)\s]*)?\)/g
