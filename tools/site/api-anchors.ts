import { headingId } from '../checks/heading-id.ts'

/**
 * Mends links within a page of the API reference: TypeDoc numbers ids by names that the page has no headings for, so that
 * `#tokenerrorcode-1` is written where the only such heading is `#tokenerrorcode`.
 */
export function mendAnchors(markdown: string): string {
  const counts = new Map<string, number>()
  for (const [, heading = ''] of markdown.matchAll(/^#{1,6} (.+)$/gm)) {
    const id = headingId(heading)
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return markdown.replaceAll(/\]\(#([^)]+?)-(\d+)\)/g, (link, id: string, number: string) =>
    counts.has(id) && Number(number) >= (counts.get(id) ?? 0) ? `](#${id})` : link,
  )
}
