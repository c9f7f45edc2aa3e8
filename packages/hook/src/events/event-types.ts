/**
 * The events after which a user's tokens must not count any more, unless others are chosen: somebody has suspended or
 * deactivated the user, ended all of their sessions, or signed them out everywhere.
 *
 * @see https://developer.okta.com/docs/reference/api/event-types/
 */
export const defaultEventTypes: readonly string[] = [
  'user.lifecycle.suspend',
  'user.lifecycle.deactivate',
  'user.session.clear',
  'user.authentication.universal_logout',
]
