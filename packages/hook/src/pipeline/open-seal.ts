import { deny, pass } from '@behalf/core/internal'
import { authorizationServerOf } from '../okta/event.ts'
import { readText } from '../sealing/sealed-text.ts'
import { andThen } from './and-then.ts'
import type { Opened, Presented } from './exchange.ts'
import type { Step } from './step.ts'

/**
 * Step 5: the assertion is taken out of its seal, which must be of this minute, by this client and for this authorization
 * server. A bare one goes on where seals are not required.
 */
export const openSeal: Step<Presented, Opened> = (presented, { seals }) => {
  const { assertionToken, clientId, event } = presented
  const text = readText(assertionToken)
  if (text === 'bare')
    return seals?.required ? deny('seal_required') : pass({ ...presented, seal: undefined })
  if (text === 'encrypted otherwise')
    return deny('assertion_encrypted', 'it has the five parts of a JWE, and is no sealed assertion')
  if (seals === undefined) return deny('assertion_encrypted', 'it is sealed, and sealing is not configured')
  return andThen(
    seals.open(text, { clientId, authorizationServer: authorizationServerOf(event) }),
    (opened) =>
      opened.ok ? pass({ ...presented, assertionToken: opened.value.assertion, seal: opened.value }) : opened,
  )
}
