import type { LooseObject } from '../signing-key.ts'

/** What an answer of a hook says. */
export interface ReadAnswer {
  /** `permit`, `unchanged`, or the code of the denial. */
  readonly outcome: string
  /** The claims that the patch sets, by name; undefined when it is a denial. */
  readonly claims: LooseObject | undefined
  /** The lifetime that the patch sets. */
  readonly lifetimeSeconds: number | undefined
  /** Without the decision at its end. */
  readonly errorSummary: string | undefined
  readonly debugContext: LooseObject
}

/** Reads the body of a hook's answer. It trusts it to be one: whether Okta would take it is for attacks to judge. */
export function readAnswer(body: string): ReadAnswer {
  const { commands, error, debugContext } = JSON.parse(body)
  const operations: readonly { readonly path: string; readonly value: unknown }[] = commands?.[0]?.value ?? []
  const values = Object.fromEntries(operations.map(({ path, value }) => [path, value]))
  const claims = Object.entries(values).filter(([path]) => path.startsWith('/claims/'))
  const lifetime: unknown = values['/token/lifetime/expiration']
  return {
    outcome: commands === undefined ? debugContext.code : commands.length === 0 ? 'unchanged' : 'permit',
    claims:
      commands === undefined
        ? undefined
        : Object.fromEntries(claims.map(([path, value]) => [path.slice('/claims/'.length), value])),
    lifetimeSeconds: typeof lifetime === 'number' ? lifetime : undefined,
    errorSummary: error?.errorSummary?.replace(/ \(decision [\w-]+\)$/, ''),
    debugContext,
  }
}
