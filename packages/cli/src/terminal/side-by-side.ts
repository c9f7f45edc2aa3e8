const gap = ' │ '

/** Two blocks of lines next to each other; one below the other when they do not fit. */
export function sideBySide(left: readonly string[], right: readonly string[], columns: number): string[] {
  const width = Math.max(0, ...left.map((line) => line.length))
  const rightWidth = Math.max(0, ...right.map((line) => line.length))
  if (width + gap.length + rightWidth > columns) return [...left, '', ...right]
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) =>
    `${(left[row] ?? '').padEnd(width)}${gap}${right[row] ?? ''}`.trimEnd(),
  )
}
