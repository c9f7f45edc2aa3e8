import { decodeJwt } from 'jose'

const width = 50

/** The claims of two tokens, next to each other. */
export function claimsSideBySide(
  left: { title: string; token: string },
  right: { title: string; token: string },
): string {
  const leftLines = [left.title, ...describe(left.token)]
  const rightLines = [right.title, ...describe(right.token)]
  const rows = Math.max(leftLines.length, rightLines.length)
  return Array.from({ length: rows }, (_, row) =>
    `${cut(leftLines[row] ?? '').padEnd(width)} │ ${cut(rightLines[row] ?? '')}`.trimEnd(),
  ).join('\n')
}

function describe(token: string): string[] {
  return JSON.stringify(decodeJwt(token), null, 2)
    .replaceAll('"', '')
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(/,$/, ''))
}

function cut(line: string): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}
