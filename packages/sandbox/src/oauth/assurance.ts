import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { type Clock, epochSeconds } from '../org/clock.ts'

/**
 * The levels of assurance that Okta has names for, and how somebody has signed in who reaches one.
 * @see https://developer.okta.com/docs/guides/step-up-authentication/main/#predefined-parameter-values
 */
const levels: ReadonlyMap<string, readonly string[]> = new Map([
  ['urn:okta:loa:1fa:any', ['pwd']],
  ['urn:okta:loa:1fa:pwd', ['pwd']],
  ['urn:okta:loa:2fa:any:ifpossible', ['pwd', 'otp', 'mfa']],
  ['urn:okta:loa:2fa:any', ['pwd', 'otp', 'mfa']],
  ['phr', ['pwd', 'hwk', 'mfa']],
  ['phrh', ['pwd', 'hwk', 'mfa']],
])

/** A level and the methods that reach it. */
export interface Assurance {
  /** Absent when none that is known was asked for. */
  readonly acr?: string
  readonly amr: readonly string[]
}

/** Returns the first level of those asked for that is known; whoever signs in here reaches it. */
export function reachAssurance(acrValues: unknown, amr: readonly string[]): Assurance {
  const acr = valuesOf(acrValues).find((value) => levels.has(value))
  return acr === undefined ? { amr } : { acr, amr: [...new Set([...amr, ...(levels.get(acr) ?? [])])] }
}

/** Makes a session not enough that is older, by the org's clock, or of another level than the app asks for. */
export function demandAssurance(policy: interactionPolicy.DefaultPolicy, clock: Clock): void {
  const { Check } = interactionPolicy
  const checks = policy.get('login')?.checks
  checks?.remove('max_age')
  const isEnough = ({ oidc }: KoaContextWithOIDC): boolean => {
    const { max_age: maxAge, acr_values: acrValues } = oidc.params ?? {}
    const asked = valuesOf(acrValues).filter((value) => levels.has(value))
    const age = epochSeconds(clock) - (oidc.session?.loginTs ?? 0)
    const isRecent = maxAge === undefined || age <= Number(maxAge)
    return isRecent && (asked.length === 0 || asked.includes(oidc.session?.acr ?? ''))
  }
  checks?.add(
    new Check('assurance', 'the user must sign in again', (ctx) =>
      ctx.oidc.result?.login !== undefined || isEnough(ctx) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
    ),
  )
}

function valuesOf(acrValues: unknown): readonly string[] {
  return typeof acrValues === 'string' ? acrValues.split(' ') : []
}
