import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import { headingId } from '../../checks/heading-id.ts'
import type { Page, StagedSite } from '../stage.ts'

/** What `build.ts` has staged. */
const { sections, decisions, api }: StagedSite & { readonly api: readonly Page[] } = JSON.parse(
  readFileSync(new URL('../staged/site.json', import.meta.url), 'utf8'),
)

const base = process.env['SITE_BASE'] ?? '/'

const items = (pages: readonly Page[]) =>
  pages.map(({ title, path }) => ({ text: title, link: `/${path.replace(/\.md$/, '')}` }))

export default defineConfig({
  title: 'Behalf',
  description: 'The OAuth 2.0 On-Behalf-Of flow for Okta',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}pictures/icon.svg` }]],
  base,
  srcDir: 'staged',
  cleanUrls: true,
  lastUpdated: false,
  ignoreDeadLinks: false,
  markdown: { anchor: { slugify: headingId }, languageAlias: { cedar: 'rust' } },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/what-is-it' },
      { text: 'API', link: '/reference/api' },
      { text: 'Errors', link: '/reference/errors' },
      { text: 'Troubleshoot', link: '/troubleshooting' },
    ],
    sidebar: [
      ...sections
        .filter(({ pages }) => pages.length > 0)
        .map(({ title, pages }) => ({ text: title, collapsed: false, items: items(pages) })),
      { text: 'API, by import', collapsed: true, items: items(api) },
      { text: 'Decisions', collapsed: true, items: items(decisions) },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
  },
})
