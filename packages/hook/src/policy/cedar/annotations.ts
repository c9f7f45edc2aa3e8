import type { Needs } from '@behalf/core'
import { readNeeds } from '@behalf/core/internal'
import { isPublicReason } from '../decision.ts'

/** The annotations of one policy, by name. */
export type Annotations = Readonly<Record<string, string | null>>

/** What the annotations of a policy say. */
export interface CedarAdvice {
  /** `@reason`, shown to the client when the policy forbids. */
  readonly reason?: string | undefined
  /** `@lifetimeSeconds`, of a permit. */
  readonly lifetimeSeconds?: number | undefined
  /** `@assertionClaims`, of a permit: names separated by commas. */
  readonly assertionClaims?: readonly string[] | undefined
  /** `@needsAcrValues` and `@needsScopes`, names separated by commas, and `@needsMaxAgeSeconds`, of a forbid. */
  readonly needs?: Needs | undefined
}

/** Reads what annotations say; what is wrong with them is for {@link findAnnotationFaults} to say. */
export function readAnnotations(annotations: Annotations): CedarAdvice {
  const { reason, lifetimeSeconds, assertionClaims } = annotations
  return {
    reason: reason ?? undefined,
    lifetimeSeconds: numberOf(lifetimeSeconds),
    assertionClaims: listOf(assertionClaims),
    needs: readNeeds(writtenNeeds(annotations)),
  }
}

/** Annotations that are written like another, by who means that. */
const slips: readonly { readonly names: RegExp; readonly meant: readonly string[] }[] = [
  {
    names: /^(life_?time|ttl|expires?|max_?age|assertion|claims?)/i,
    meant: ['lifetimeSeconds', 'assertionClaims'],
  },
  {
    names: /^(needs?|acr|step_?up)/i,
    meant: ['needsAcrValues', 'needsMaxAgeSeconds', 'needsScopes'],
  },
]

/** Says what is wrong with a policy's annotations. */
export function findAnnotationFaults(
  id: string,
  effect: 'permit' | 'forbid',
  annotations: Annotations,
): readonly string[] {
  const faults: string[] = []
  const check = (holds: boolean, problem: string): void => {
    if (!holds) faults.push(problem)
  }
  for (const name of Object.keys(annotations))
    for (const { names, meant } of slips)
      check(
        meant.includes(name) || !names.test(name),
        `@${name} is no annotation that is read; did you mean ${listNames(meant)}?`,
      )
  const { reason, lifetimeSeconds, assertionClaims, needs } = readAnnotations(annotations)
  check(/^[\x21-\x7e]{1,100}$/.test(id), '@id must be 1 to 100 visible characters without spaces')
  check(reason === undefined || isPublicReason(reason), '@reason must be 1 to 200 characters of plain ASCII')
  check(
    lifetimeSeconds === undefined || (Number.isSafeInteger(lifetimeSeconds) && lifetimeSeconds > 0),
    '@lifetimeSeconds must be a whole number above 0',
  )
  check(
    effect === 'permit' || (lifetimeSeconds === undefined && assertionClaims === undefined),
    '@lifetimeSeconds and @assertionClaims narrow a permit; this policy forbids',
  )
  if (Object.keys(writtenNeeds(annotations)).length === 0) return faults
  check(
    needs !== undefined,
    '@needsAcrValues and @needsScopes must be 1 to 8 names of letters, digits and -._~:/?#@!$&*+=%| separated by commas, @needsMaxAgeSeconds a whole number of 1 to 31536000, and all together at most 600 characters',
  )
  check(effect === 'forbid', '@needs… say what helps against a forbid; this policy permits')
  return faults
}

function writtenNeeds({ needsAcrValues, needsMaxAgeSeconds, needsScopes }: Annotations): object {
  return {
    ...(needsAcrValues === undefined ? {} : { acrValues: listOf(needsAcrValues) ?? [] }),
    ...(needsMaxAgeSeconds === undefined
      ? {}
      : { maxAgeSeconds: numberOf(needsMaxAgeSeconds) ?? Number.NaN }),
    ...(needsScopes === undefined ? {} : { scopes: listOf(needsScopes) ?? [] }),
  }
}

function numberOf(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? Number(text) : undefined
}

function listOf(text: string | null | undefined): readonly string[] | undefined {
  return text?.split(',').map((name) => name.trim())
}

function listNames(names: readonly string[]): string {
  return `${names
    .slice(0, -1)
    .map((name) => `@${name}`)
    .join(', ')} or @${names.at(-1)}`
}
