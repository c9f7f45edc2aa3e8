/**
 * Says what is left of a name where letters that look alike in Unicode's own tables, case and what does not show are told apart
 * no longer. It is for finding names that could be taken for each other, and never in place of a name.
 *
 * @see https://www.unicode.org/reports/tr15/
 */
export function lookOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[\p{Cf}\p{M}\s]/gu, '')
    .toLowerCase()
}
