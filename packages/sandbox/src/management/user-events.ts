import type { LogEntry } from '../org/system-log.ts'
import type { User } from '../org/user.ts'

/** What administrators do to people, by the types that the System Log has for it. */
const messages = {
  'user.lifecycle.activate': 'Activate Okta user',
  'user.lifecycle.deactivate': 'Deactivate Okta user',
  'user.lifecycle.suspend': 'Suspend Okta user',
  'user.lifecycle.unsuspend': 'Unsuspend Okta user',
  'user.lifecycle.delete.initiated': 'Delete Okta user initiated',
  'user.session.clear': 'Clear user session',
} as const

/** A type of such an event. */
export type UserEventType = keyof typeof messages

/** Returns what the System Log says of it. */
export function userEvent(eventType: UserEventType, { id, login, profile }: User): LogEntry {
  const displayName = typeof profile['name'] === 'string' ? profile['name'] : login
  return {
    eventType,
    displayMessage: messages[eventType],
    severity: 'INFO',
    outcome: { result: 'SUCCESS' },
    actor: { id: 'management', type: 'SystemPrincipal', displayName: 'Management API' },
    target: [{ id, type: 'User', alternateId: login, displayName }],
  }
}
