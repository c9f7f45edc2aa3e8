import { join } from 'node:path'
import { root } from '../workspace.ts'
import { delegations } from './delegations.ts'
import { jwks } from './keys.ts'
import { registeredClaims } from './registered-claims.ts'
import { signatures } from './signatures.ts'
import { api, now, type Vector } from './vector.ts'

/** Where the vectors are. */
export const file: string = join(root, 'packages/verify/vectors.json')

/** What is in the file. */
export const document: {
  readonly about: string
  readonly now: number
  readonly api: typeof api
  readonly jwks: typeof jwks
  readonly vectors: readonly Vector[]
} = {
  about:
    'Conformance vectors for verifiers of delegated tokens. The API of `api`, whose issuer publishes `jwks`, is called with each token: it accepts it and sees what `accept` says, or answers with the status of `refuse`; the code is what Behalf calls the reason. Times are decades away from `now`, but for vectors with `needsClock`, which hold at that instant alone. The keys are for tests only.',
  now,
  api,
  jwks,
  vectors: [...registeredClaims, ...delegations, ...signatures],
}
