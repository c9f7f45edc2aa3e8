/** What must hold of a figure: at most, or at least, this much. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number }

/** The budgets, by figure. */
export const budgets: Readonly<Record<string, Budget>> = {
  'hook.warm.vsBaseline': { atLeast: 4 },
  'hook.warm.vsRsaVerify': { atMost: 2.5 },
  'verify.warm.vsRsaVerify': { atMost: 1.6 },
  'verify.warm.vsOktaVerifier': { atLeast: 5 },
  'lambda.zipBytes': { atMost: 100_000 },
  'lambda.load.vsBaseline': { atMost: 0.25 },
  'client.cachedMicros': { atMost: 15 },
  'server.vsBareHttp': { atLeast: 0.4 },
  'scale.issuers50': { atMost: 1.2 },
  'scale.clients10000': { atMost: 1.2 },
  // Flat, but for what a heap and its pages differ by from one moment to the next.
  'memory.heapGrowth': { atMost: 1 },
  'memory.rssGrowth': { atMost: 10 },
}

/** Whether a figure keeps within its budget. */
export function holds(value: number, budget: Budget): boolean {
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast
}
