/** Adds to a complaint about a word the one that was probably meant; nothing when none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map((candidate) => ({ candidate, distance: distanceBetween(word, candidate) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(1, Math.min(3, Math.floor(candidate.length / 3))),
    )
    .toSorted((one, other) => one.distance - other.distance)[0]
  return near === undefined ? '' : `; did you mean ${near.candidate}?`
}

/** How many characters must be inserted, deleted, replaced or swapped with their neighbour (optimal string alignment). */
function distanceBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 3) return Number.POSITIVE_INFINITY
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= one.length; row++) {
    const above = rows[row - 1] ?? []
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    rows.push(current)
  }
  return rows.at(-1)?.at(-1) ?? 0
}
