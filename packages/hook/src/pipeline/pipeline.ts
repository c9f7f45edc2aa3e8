import { authenticateCaller } from './authenticate-caller.ts'
import { bindClient } from './bind-client.ts'
import { buildCommands } from './build-commands.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import type { Arrival, Commanded } from './exchange.ts'
import { extendChain } from './extend-actor-chain.ts'
import { extractAssertion } from './extract-assertion.ts'
import { parseRequest } from './parse-request.ts'
import { recogniseExchange } from './recognise-exchange.ts'
import { type Run, Steps } from './steps.ts'
import { verifyAssertion } from './verify-assertion.ts'

/** What happens to a hook request, in this order; each step takes what the one before it produced. */
export const runPipeline: Run<Arrival, Commanded> = Steps.first('authenticate', authenticateCaller)
  .next('parse', parseRequest)
  .next('recognise', recogniseExchange)
  .next('extract', extractAssertion)
  .next('verify', verifyAssertion)
  .next('bind', bindClient)
  .next('extend', extendChain)
  .next('policy', evaluatePolicy)
  .next('commands', buildCommands).run
