import { describeNetworkFault } from '@behalf/core/internal'

/** Why no answer came: the code of the cause, and what to do about it. */
export interface Unreachable {
  readonly code: string
  readonly remedy: string
}

/** Says why a request got no answer, for whoever has given its URL. */
export function whyUnreachable(error: unknown): Unreachable {
  const { code = 'UNKNOWN', remedy = 'check the URL, the credentials and the way to it' } =
    describeNetworkFault(error)
  return { code, remedy }
}
