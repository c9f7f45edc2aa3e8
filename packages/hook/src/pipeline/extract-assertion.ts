import { deny, pass } from '@behalf/core/internal'
import { findAssertion, maxParameters } from '../okta/token-request-url.ts'
import type { Presented, Recognised } from './exchange.ts'
import { leaveUnchanged, type Step } from './step.ts'

/** Step 4: the URL of the token request carries exactly one assertion. */
export const extractAssertion: Step<Recognised, Presented> = (recognised, { config }) => {
  const presented = findAssertion(recognised.event.request.url)
  switch (presented.kind) {
    case 'none':
      return config.missingAssertion === 'unchanged' ? leaveUnchanged : deny('assertion_missing')
    case 'misspelt':
      return deny('assertion_missing', 'the name stands there in another spelling or place')
    case 'several':
      return deny('assertion_duplicated')
    case 'too many parameters':
      return deny('request_malformed', `the token request has more than ${maxParameters} parameters`)
    case 'undecodable':
      return deny('assertion_malformed', 'its percent encoding is broken, or it is not ASCII')
    case 'one':
      if (presented.value === '') return deny('assertion_missing', 'the parameter is empty')
      return pass({ ...recognised, assertionToken: presented.value })
  }
}
