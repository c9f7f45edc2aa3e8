import type { FaultDescription } from '@behalf/sandbox'

/** What each fault teaches. */
export const lessons: Readonly<Record<FaultDescription['kind'], string>> = {
  'hook-unreachable':
    'Okta fails open: with the hook down, the client still gets a valid token, only not for a user. That is why the delegation server’s audience is nobody’s, and why API B checks act.',
  'hook-slow':
    'Okta waits three seconds and then issues the plain token. A hook must answer in time even when its own sources do not.',
  'hook-status': 'Only a 200 with an error object refuses. Every other status leaves the plain token.',
  'rate-limit':
    'A 429 is no denial: a client waits as long as the headers say and keeps the tokens that it has.',
  'clock-skew':
    'Tokens from the future or the past are refused beyond the tolerance; a denial because of time says so.',
  'key-rotation': 'Whoever keeps keys must ask again when a kid is unknown, once and not for each token.',
  'keys-withdrawn':
    'Keys that are known serve on for a while; who starts cold can verify nothing and must deny.',
  'encrypted-access-tokens': 'An API that cannot read a token refuses it; five parts are no JWT to verify.',
  'client-envelope':
    'Some orgs refuse clients with HTTP 400 and errorCode in place of OAuth’s invalid_client: a client must read both.',
  'client-revoked':
    'A deactivated app gets no new tokens; those that it has work until they expire, unless somebody asks.',
}
