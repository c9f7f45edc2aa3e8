/**
 * Makes a load as users make it: who is first asks ten times as often as who is tenth. The same sequence each time.
 *
 * @param items - how many there are; of which the first is the most popular
 */
export function zipf(items: number): (call: number) => number {
  const sums = new Float64Array(items)
  let sum = 0
  for (let index = 0; index < items; index++) {
    sum += 1 / (index + 1)
    sums[index] = sum
  }
  return (call) => {
    // The fractions of multiples of the golden ratio lie evenly in every stretch of calls.
    const target = ((call * 0.618_033_988_749_894_9) % 1) * sum
    let low = 0
    let high = items - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? sum) < target) low = middle + 1
      else high = middle
    }
    return low
  }
}
