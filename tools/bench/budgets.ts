/** What must hold of a figure: at most, or at least, this much. */
export type Budget = ({ readonly atMost: number } | { readonly atLeast: number }) & {
  /** What it was to be, and is not, as docs/performance.md argues. */
  readonly aim?: number
}

/** What a budget says of a figure; only `missed` ends a run of `--check` with 1. */
export type Verdict = 'kept' | 'aim missed' | 'missed'

/** The budgets, by figure; why some are other than their aims: docs/decisions/0065. */
export const budgets: Readonly<Record<string, Budget>> = {
  'hook.first.vsBaseline': { atLeast: 1.8, aim: 2.5 },
  'hook.repeat.vsBaseline': { atLeast: 4, aim: 5 },
  'hook.sealed.vsParts': { atMost: 1.2 },
  'verify.first.vsOktaVerifier': { atLeast: 3.2, aim: 4.2 },
  'verify.first.vsJose': { atLeast: 1.5, aim: 4 },
  // They check less.
  'verify.first.vsFastJwt': { atLeast: 1.2 },
  'verify.first.vsAwsJwtVerify': { atLeast: 1.5 },
  'verify.repeat.vsFastJwtCached': { atMost: 1 },
  'verify.repeat.vsOktaVerifier': { atLeast: 25 },
  // docs/decisions/0063
  'lambda.zipBytes': { atMost: 46 * 1_024 },
  'lambda.sealingZipBytes': { atMost: 60_000 },
  'lambda.firstResponse.vsBaseline': { atMost: 0.85, aim: 0.7 },
  'lambda.load.vsBaseline': { atMost: 0.8, aim: 0.55 },
  'client.cached.vsSha256': { atMost: 2.4, aim: 2 },
  'server.first.vsBareHttp': { atLeast: 0.17, aim: 0.25 },
  'server.repeat.vsBareHttp': { atLeast: 0.3, aim: 0.4 },
  'sidecar.cachedVsBareHttp': { atLeast: 0.4 },
  'telemetry.absent.vsRequest': { atMost: 0.02 },
  'scale.issuers50': { atMost: 1.2 },
  'scale.clients10000': { atMost: 1.2 },
  // Flat, but for what a heap and its pages differ by from one moment to the next; a hundred bytes a request would be 75.
  'memory.heapGrowth': { atMost: 1 },
  'memory.rssGrowth': { atMost: 80, aim: 10 },
  // Flat, but for where in the freeing of a half the peak is met; a hundred bytes a token would be 2.4.
  'memory.distinctTokens.hook': { atMost: 2 },
  'memory.distinctTokens.verify': { atMost: 2 },
}

/** What a budget says. */
export function describeBudget(budget: Budget): string {
  const bound = 'atMost' in budget ? `at most ${budget.atMost}` : `at least ${budget.atLeast}`
  return budget.aim === undefined ? bound : `${bound}, aim ${budget.aim}`
}

/** Judges a figure by its budget. */
export function judge(value: number, budget: Budget): Verdict {
  const isWithin = (bound: number): boolean => ('atMost' in budget ? value <= bound : value >= bound)
  if (!isWithin('atMost' in budget ? budget.atMost : budget.atLeast)) return 'missed'
  return budget.aim === undefined || isWithin(budget.aim) ? 'kept' : 'aim missed'
}
