import { type Line, line, widthOf } from './line.ts'

const gap = ' │ '

/** Returns two blocks of lines next to each other; one below the other when they do not fit. */
export function sideBySide(left: readonly Line[], right: readonly Line[], columns: number): Line[] {
  const width = Math.max(0, ...left.map(widthOf))
  const rightWidth = Math.max(0, ...right.map(widthOf))
  if (width + gap.length + rightWidth > columns) return [...left, '', ...right]
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => {
    const shown = left[row] ?? ''
    return line`${shown}${' '.repeat(width - widthOf(shown))}${gap}${right[row] ?? ''}`
  })
}
