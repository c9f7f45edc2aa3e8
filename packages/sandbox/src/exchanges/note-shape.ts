import { either, flag, list, object, oneOf, optional, type Shape, text } from '../shape/shape.ts'
import type { ExchangeNote } from './exchange.ts'
import type { ExchangeKey } from './exchange-log.ts'

const byRequest = object({ requestId: text })
const byToken = object({ tokenId: text })

/** What an exchange is found by. */
export const exchangeKey: Shape<ExchangeKey> = either<ExchangeKey>((value) =>
  Object.hasOwn(Object(value), 'tokenId') ? byToken : byRequest,
)

/** What others may add to an exchange. */
export const exchangeNote: Shape<ExchangeNote> = object({
  subject: optional(text),
  agents: optional(list(text)),
  steps: optional(
    list(
      object({
        step: text,
        outcome: oneOf('continued', 'denied', 'unchanged'),
        code: optional(text),
        detail: optional(text),
      }),
    ),
  ),
  policies: optional(list(text)),
  calls: optional(list(object({ party: text, accepted: flag, outcome: text }))),
})
