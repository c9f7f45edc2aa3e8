/** What must hold of a figure: at most, or at least, this much. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number }

/** The budgets, by figure. */
export const budgets: Readonly<Record<string, Budget>> = {
  'hook.first.vsBaseline': { atLeast: 2.5 },
  'hook.repeat.vsBaseline': { atLeast: 5 },
  'hook.sealed.vsParts': { atMost: 1.2 },
  'verify.first.vsOktaVerifier': { atLeast: 4.2 },
  'verify.first.vsJose': { atLeast: 4 },
  // They check less.
  'verify.first.vsFastJwt': { atLeast: 1.2 },
  'verify.first.vsAwsJwtVerify': { atLeast: 1.5 },
  'verify.repeat.vsFastJwtCached': { atMost: 1 },
  'verify.repeat.vsOktaVerifier': { atLeast: 25 },
  // docs/decisions/0063
  'lambda.zipBytes': { atMost: 46 * 1_024 },
  'lambda.sealingZipBytes': { atMost: 60_000 },
  'lambda.firstResponse.vsBaseline': { atMost: 0.7 },
  'lambda.load.vsBaseline': { atMost: 0.55 },
  'client.cached.vsSha256': { atMost: 2 },
  'server.first.vsBareHttp': { atLeast: 0.25 },
  'server.repeat.vsBareHttp': { atLeast: 0.4 },
  'sidecar.cachedVsBareHttp': { atLeast: 0.4 },
  'telemetry.absent.vsRequest': { atMost: 0.02 },
  'scale.issuers50': { atMost: 1.2 },
  'scale.clients10000': { atMost: 1.2 },
  // Flat, but for what a heap and its pages differ by from one moment to the next.
  'memory.heapGrowth': { atMost: 1 },
  'memory.rssGrowth': { atMost: 10 },
  // Flat, but for where in the freeing of a half the peak is met; a hundred bytes a token would be 2.4.
  'memory.distinctTokens.hook': { atMost: 2 },
  'memory.distinctTokens.verify': { atMost: 2 },
}

/** What a budget says. */
export function describeBudget(budget: Budget): string {
  return 'atMost' in budget ? `at most ${budget.atMost}` : `at least ${budget.atLeast}`
}

/** Whether a figure keeps within its budget. */
export function holds(value: number, budget: Budget): boolean {
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast
}
