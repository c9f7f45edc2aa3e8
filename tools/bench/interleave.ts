/** Something that is measured; `call` counts up, so that it can take another input each time. */
export type Contender = (call: number) => unknown

/** Microseconds a call, by contender, one member a round. */
export type Samples<Name extends string> = Readonly<Record<Name, readonly number[]>>

/**
 * Measures contenders in turns, one short run each in every round, so that what else the machine does meets
 * all of them alike and ratios within a round mean something. The first rounds warm up and are forgotten.
 */
export async function interleave<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds = 31, warmUpRounds = 25, callsPerRound = 400 }: InterleaveOptions = {},
): Promise<Samples<Name>> {
  const entries = Object.entries<Contender>(contenders)
  const samples = new Map<string, number[]>(entries.map(([name]) => [name, []]))
  let call = 0
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [name, contender] of entries) {
      const startedAt = performance.now()
      for (let index = 0; index < callsPerRound; index++) await contender(call++)
      const micros = ((performance.now() - startedAt) * 1000) / callsPerRound
      if (round >= 0) samples.get(name)?.push(micros)
    }
  }
  const result: Partial<Record<string, readonly number[]>> = Object.fromEntries(samples)
  // Every contender has its samples, which the compiler cannot see.
  return result as Samples<Name>
}

/** How often contenders are called. */
export interface InterleaveOptions {
  readonly rounds?: number
  readonly warmUpRounds?: number
  readonly callsPerRound?: number
}

/** The ratio of two contenders in each round. */
export function ratios(above: readonly number[], below: readonly number[]): readonly number[] {
  return above.map((value, round) => value / (below[round] ?? Number.NaN))
}
