import { checkAudience } from './checks/audience.ts'
import { checkExchange } from './checks/exchange.ts'
import { checkHookAuthentication } from './checks/hook-authentication.ts'
import { checkHookConnection } from './checks/hook-connection.ts'
import { checkHookLatency } from './checks/hook-latency.ts'
import { checkHookToken } from './checks/hook-token.ts'
import { checkIssuer } from './checks/issuer.ts'
import { checkPlainToken } from './checks/plain-token.ts'
import { checkPreview } from './checks/preview.ts'
import { checkRegistration } from './checks/registration.ts'
import { checkRule } from './checks/rule.ts'
import { checkSealing } from './checks/sealing.ts'
import { checkSystemLog } from './checks/system-log.ts'
import { checkUsersLifetime } from './checks/users-lifetime.ts'
import type { Check } from './finding.ts'

/** Every look at an installation, in the order in which it is taken: what others depend on comes first. */
export const checks: readonly (readonly [what: string, check: Check])[] = [
  ['the issuer', checkIssuer],
  ['the connection to the hook', checkHookConnection],
  ['who may call the hook', checkHookAuthentication],
  ['what travels sealed', checkSealing],
  ['how fast the hook is', checkHookLatency],
  ['the registration at Okta', checkRegistration],
  ['the token for the hook', checkHookToken],
  ["Okta's own call of the hook", checkPreview],
  ['the policy rule', checkRule],
  ['the audience of the server', checkAudience],
  ['how long users stay signed in', checkUsersLifetime],
  ['a whole exchange', checkExchange],
  ['what plain tokens open', checkPlainToken],
  ["Okta's System Log", checkSystemLog],
]
