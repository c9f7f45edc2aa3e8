import { deny } from '@behalf/core/internal'
import { andThen } from './and-then.ts'
import { authenticateCaller } from './authenticate-caller.ts'
import { bindClient } from './bind-client.ts'
import { buildCommands } from './build-commands.ts'
import { chooseResource } from './choose-resource.ts'
import { claimSeal } from './claim-seal.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import type { Arrival, Commanded } from './exchange.ts'
import { extendChain } from './extend-actor-chain.ts'
import { extractAssertion } from './extract-assertion.ts'
import { introspect } from './introspect.ts'
import { openSeal } from './open-seal.ts'
import { parseRequest } from './parse-request.ts'
import { receiveBody } from './receive-body.ts'
import { recogniseExchange } from './recognise-exchange.ts'
import { refuseRevoked } from './refuse-revoked.ts'
import { type Run, Steps } from './steps.ts'
import { verifyAssertion } from './verify-assertion.ts'

const admit = Steps.first('authenticate', authenticateCaller).run

const decide = Steps.first('parse', parseRequest)
  .next('recognise', recogniseExchange)
  .next('extract', extractAssertion)
  .next('open', openSeal)
  .next('resource', chooseResource)
  .next('verify', verifyAssertion)
  .next('bind', bindClient)
  .next('extend', extendChain)
  .nextWhere(({ revocations }) => revocations !== undefined, 'revocation', refuseRevoked)
  .nextWhere(({ introspections }) => introspections.size > 0, 'introspection', introspect)
  .next('policy', evaluatePolicy)
  .next('claim', claimSeal)
  .next('commands', buildCommands).run

/**
 * What happens to a hook request, in this order; each step takes what the one before it produced. Between the first and
 * the second the body comes in; the steps after it run in one go, but for what waits: opening a seal, fetching keys, asking
 * a policy, a store or an issuer.
 */
export const runPipeline: Run<Arrival, Commanded> = (arrival, context, progress) =>
  andThen(admit(arrival, context, progress), (admitted) => {
    if (!admitted.ok) return admitted
    progress.step = 'arrival'
    return andThen(receiveBody(admitted.value, context), (received) => {
      if (!received.ok) return received
      // Those that came in together are decided one after the other, and each of them has waited for those before.
      return received.value.isOverdue?.() ? deny('overloaded') : decide(received.value, context, progress)
    })
  })
