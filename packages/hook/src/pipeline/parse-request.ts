import { deny, pass } from '@behalf/core/internal'
import { parseTokenHookEvent } from '../okta/event.ts'
import type { Received, Requested } from './exchange.ts'
import type { Step } from './step.ts'

/** Step 2: the body is a token hook event. Members that are unknown are ignored. */
export const parseRequest: Step<Received, Requested> = (received) => {
  const unreadable = whyUnreadable(received.headers)
  if (unreadable !== undefined) return deny('request_malformed', unreadable)
  const event = parseTokenHookEvent(received.body)
  return event.ok ? pass({ ...received, event: event.value }) : event
}

/** A body that another reader would decode differently is not read at all. */
function whyUnreadable(headers: Received['headers']): string | undefined {
  const encodings = headers.get('content-encoding') ?? []
  if (encodings.some((encoding) => encoding.toLowerCase() !== 'identity')) return 'the body is compressed'
  const types = headers.get('content-type') ?? []
  if (types.length > 1) return 'the header content-type was sent more than once'
  const [type] = types
  if (type !== undefined && !/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type.trim())) {
    return 'the content type is not application/json in UTF-8'
  }
  return undefined
}
