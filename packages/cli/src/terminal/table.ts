import { type Line, line, widthOf } from './line.ts'

/** Aligns the cells of rows in columns, two blanks apart; the last column is as wide as it is. */
export function alignRows(rows: readonly (readonly Line[])[], indent = ''): Line[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  )
  return rows.map((row) =>
    row.reduce<Line>((before, cell, column) => {
      const gap = column === 0 ? '' : '  '
      const padding = column === row.length - 1 ? 0 : (widths[column] ?? 0) - widthOf(cell)
      return line`${before}${gap}${cell}${' '.repeat(padding)}`
    }, indent),
  )
}
