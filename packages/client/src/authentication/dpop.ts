import type { Clock } from '@behalf/core'
import * as oauth from 'oauth4webapi'
import type { PrivateKey } from './private-key.ts'

/** What adds proofs to requests, as `oauth4webapi` takes it; its own type is not for CommonJS. */
export interface ProofMaker {
  calculateThumbprint(): Promise<string>
}

/** The key that tokens are bound to, and the nonces that servers gave for its proofs. */
export interface DpopBinding {
  /** What `cnf.jkt` of a bound token is. */
  readonly thumbprint: string
  /** What adds proofs to requests; one for the client's life, because it keeps the nonces. */
  readonly handle: () => Promise<ProofMaker>
}

/**
 * Binds tokens to a key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449
 */
export function createDpopBinding(key: PrivateKey, clock: Clock): DpopBinding {
  let handle: Promise<ProofMaker> | undefined
  const create = async (): Promise<ProofMaker> =>
    oauth.DPoP({}, await key.keyPair(), {
      [oauth.modifyAssertion]: (header, payload) => {
        header['alg'] = key.algorithm
        payload['iat'] = Math.floor(clock.now() / 1000)
      },
    })
  return {
    thumbprint: key.thumbprint,
    handle: () => {
      handle ??= create()
      return handle
    },
  }
}
