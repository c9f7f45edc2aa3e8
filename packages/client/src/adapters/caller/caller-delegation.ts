import { isObject } from '@behalf/core/internal'
import type { Client } from '../../client.ts'
import type { DelegatedAccessToken } from '../../delegated-access-token.ts'
import type { DelegatedFetch, DelegatedFetchOptions } from '../../fetch/delegated-fetch.ts'
import { readBearerToken } from './bearer-token.ts'
import { assertCallerOptions, type CallerOptions } from './caller-options.ts'
import { CallerRefusedError } from './caller-refused-error.ts'
import type { CallerRequest } from './caller-verifier.ts'

/** API A's caller at API B. The caller is verified before the first token request, and once. */
export interface CallerDelegation {
  /** Calls API B for the caller; see {@link DelegatedFetch}. It rejects also with `CallerRefusedError`. */
  readonly fetch: DelegatedFetch
  /** The delegated token, for other means than `fetch`; rejects with what `client.acquireToken` throws, and so. */
  acquireToken(): Promise<DelegatedAccessToken>
}

/** What a caller is to do at API B: the scopes alone, or with the resource. */
export type CallerWish = readonly string[] | DelegatedFetchOptions

/**
 * Makes delegations of requests: the token of the verified caller is the assertion.
 *
 * @param what - whose options they are
 * @throws TypeError - when the options leave it open who verifies the caller
 */
export function delegateCallers(
  what: string,
  client: Client,
  options: CallerOptions,
): (request: CallerRequest, wish: CallerWish) => CallerDelegation {
  assertCallerOptions(what, options)
  return (request, wish) => {
    let identified: Promise<string> | undefined
    const identify = (): Promise<string> => {
      identified ??= identifyCaller(request, options)
      return identified
    }
    return delegateToken(client, identify, wish)
  }
}

/** Makes the delegation of whoever `identify` finds, by their token. */
export function delegateToken(
  client: Client,
  identify: () => Promise<string>,
  wish: CallerWish,
): CallerDelegation {
  const wanted = readWish(wish)
  const { answerTimeoutMs: _, ...named } = wanted
  return {
    fetch: async (input, init) => client.fetch(await identify(), wanted)(input, init),
    acquireToken: async () => client.acquireToken({ ...named, assertion: await identify() }),
  }
}

/** Returns a wish with its scopes by their name. */
export function readWish(wish: CallerWish): DelegatedFetchOptions {
  return isObject(wish) && 'scopes' in wish ? wish : { scopes: wish }
}

async function identifyCaller(request: CallerRequest, { verifier }: CallerOptions): Promise<string> {
  if (verifier === undefined) return readBearerToken(request.header('authorization'))
  const authorization = await verifier.authorize(request)
  if (!authorization.ok) throw new CallerRefusedError(authorization.refusal)
  return authorization.access.token
}
