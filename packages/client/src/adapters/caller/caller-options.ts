import {
  aFunction,
  anObjectWithMethods,
  findOptionFaults,
  type OptionRules,
  refuseOptions,
} from '@behalf/core/internal'
import type { ExchangeError } from '../../exchange-error.ts'
import type { CallerRefusedError } from './caller-refused-error.ts'
import type { CallerVerifier } from './caller-verifier.ts'

/** Who verifies API A's caller: a token that nobody has signed must not cost a token request, which Okta meters. */
export type CallerVerification =
  | {
      /** Verifies the caller's token before Okta is asked for anything, e.g. `createVerifier` of `@behalf/verify`. */
      readonly verifier: CallerVerifier
      readonly dangerouslyUnverifiedCaller?: never
    }
  | {
      readonly verifier?: never
      /**
       * Takes whatever bearer token there is: for where something before the adapter has verified it, such as a gateway
       * that nobody can go around. Anybody else can spend your token requests by sending rubbish.
       */
      readonly dangerouslyUnverifiedCaller: true
    }

/** How callers are verified, and what may be decided about the answers to them. */
export type CallerOptions = CallerVerification & {
  /**
   * Is told of every error that is answered, for API A's log. Default: a warning of the process, one line each, for those
   * with a status of 500 and above, because the caller is told nothing about them, and for those that Okta or the hook have
   * a record of, by the ids of both. A caller whose token got no further than API A leaves no line.
   */
  readonly onError?: (error: ExchangeError | CallerRefusedError, status: number) => void
}

type OptionName = 'verifier' | 'dangerouslyUnverifiedCaller' | 'onError'

const callerRules: OptionRules<OptionName> = {
  verifier: anObjectWithMethods('a verifier', 'authorize'),
  dangerouslyUnverifiedCaller: {
    expected: 'true; leave it out to have callers verified',
    holds: (value) => value === true,
  },
  onError: aFunction,
}

/**
 * Refuses options that leave it open who verifies the caller.
 *
 * @param what - whose options they are
 * @throws TypeError - when options are missing, unknown or unusable; it names all of them
 */
export function assertCallerOptions(what: string, options: CallerOptions): void {
  const faults = findOptionFaults(options, callerRules)
  const given = (['verifier', 'dangerouslyUnverifiedCaller'] as const).filter((name) =>
    Object.hasOwn(Object(options), name),
  )
  refuseOptions(what, [
    ...faults,
    ...(given.length === 0
      ? [
          "verifier: missing; expected createVerifier({ accept: ['user'], … }) of @behalf/verify, or dangerouslyUnverifiedCaller: true where something before has verified the caller",
        ]
      : []),
    ...(given.length === 2 ? ['verifier: expected it or dangerouslyUnverifiedCaller, not both'] : []),
  ])
}
