import type { Printed } from './script.ts'
import { judge, type Verdict } from './verdict.ts'

/** What the scripts about one fact each must print. */
export const facts: Readonly<Record<string, readonly RegExp[]>> = {
  'log-keeps-the-query': [/the assertion is in the log: true/],
  'oauth-hook-token-reuse': [/^3 hook calls, 1 token requests$/],
  revoke: [/^POST \/v1\/revoke: 200 null ""/],
  'oauth-code-without-openid': [
    /^openid orders:read n → 200 openid orders:read/,
    /^orders:read n → 200 orders:read/,
    /^orders:read offline_access n → 200/,
  ],
  'list-parameters': [
    /authorizationServers\?limit=1 +200 1 entries .*rel="next"/,
    /apps\?limit=1 +200 1 entries .*rel="next"/,
    /users\?limit=1 +200 1 entries .*rel="next"/,
    /after=nonsense&limit=2 +400 E0000029/,
    /users\?search=\S+ +200 0 entries/,
    /users\?filter=\S+ +200 0 entries/,
  ],
  'log-filter-co': [/debugData\.url co "x" → 400/, /debugData\.requestUri co "x" → 400/],
  'hook-key-as-okta-shows-it': [/^RS256, sig$/, /^as recorded: alg "RSA", use null$/],
  'long-url': [/^4000 bytes of assertion: 200$/, /^8300 bytes of assertion: 414$/],
}

/** Looks for what a script about one fact must print. */
export function judgeFacts(name: string, { lines }: Printed): Verdict {
  const expected = facts[name] ?? []
  const absent = expected.filter((pattern) => !lines.some((line) => pattern.test(line)))
  const found = expected.length - absent.length
  return judge(
    name,
    `${found} of ${expected.length} facts`,
    absent.map((pattern) => `not printed: ${pattern.source}`),
  )
}
