/**
 * Takes in what Okta tells of users who are suspended, deactivated or signed out everywhere, so that their tokens count no
 * longer.
 *
 * @module
 */
import * as v from 'valibot'
import { type SecretAuthentication, secretAuthentication } from '../config/authenticate.ts'
import { name } from '../config/values.ts'
import { findOptionFaults } from '../errors/option-faults.ts'
import { closedObject } from '../errors/schema-faults.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import type { EventHooks } from './event-hooks.ts'
import { defaultEventTypes } from './event-types.ts'
import { KeptReceiver } from './receiver.ts'

export type {
  EventAnswer,
  EventCall,
  EventHooks,
  EventReceiver,
  EventRecord,
  EventSink,
} from './event-hooks.ts'
export { defaultEventTypes } from './event-types.ts'

/** Whose events are taken in, and how Okta authenticates. */
export interface EventHooksOptions extends SecretAuthentication {
  /** The org, in the very words in which `issuers` state it as `org`. */
  readonly org: string
  /**
   * The events that cut a user off, e.g. `[...defaultEventTypes, 'user.session.end']` for ordinary sign-outs, too. Default
   * {@link defaultEventTypes}.
   */
  readonly types?: readonly string[] | undefined
}

const types = v.pipe(
  v.array(
    v.pipe(
      v.string('must be a string'),
      v.regex(
        /^[a-z\d_]+(\.[a-z\d_]+)+$/,
        'must be a type of events as the System Log has it, e.g. user.session.end',
      ),
    ),
    'must be a list of types of events',
  ),
  v.minLength(1, 'must name at least one'),
)
const whose = closedObject({ org: name, types: v.optional(types, [...defaultEventTypes]) })

/**
 * Takes in the event hook calls of one org, at `/event-hook` of whatever serves the hook: it proves the URL to Okta, and moves
 * the cut-offs of the users whom events name. Any fault is kept in `faults`, and `createHook` refuses to start with it.
 *
 * It is told of nothing that Okta did not manage to deliver: Okta tries twice.
 *
 * @example
 * ```ts
 * import { defineConfig, memoryRevocations } from '@behalf/hook'
 * import { eventHooks } from '@behalf/hook/events'
 *
 * const org = 'https://example.okta.com'
 * export default defineConfig({
 *   authenticate: { secrets: [process.env['HOOK_SECRET']] },
 *   issuers: [{ issuer: 'https://example.okta.com/oauth2/users', audiences: ['api://a'], org }],
 *   clients: { '0oaApiA': { scopes: ['orders:read'] } },
 *   revocation: {
 *     store: memoryRevocations(),
 *     whenUnavailable: 'deny',
 *     events: eventHooks({ org, secrets: [process.env['EVENT_HOOK_SECRET']] }),
 *   },
 * })
 * ```
 * @see https://developer.okta.com/docs/concepts/event-hooks/
 */
export function eventHooks(options: EventHooksOptions): EventHooks {
  const { header, secrets, ...others } = Object(options)
  const authentication = { secrets, ...(header === undefined ? {} : { header }) }
  const faults = [
    ...findOptionFaults(section, whose, others),
    ...findOptionFaults(section, secretAuthentication, authentication),
  ]
  const told = v.safeParse(whose, others)
  const secured = v.safeParse(secretAuthentication, authentication)
  return {
    faults,
    org: told.success ? told.output.org : '',
    withSources: (sourceOf) => eventHooks({ ...options, secrets: withSources(options.secrets, sourceOf) }),
    start(surroundings) {
      if (!told.success || !secured.success || secured.output.kind !== 'secret')
        throw new TypeError('the options of eventHooks are faulty')
      const { org, types } = told.output
      const { header, secrets } = secured.output
      return new KeptReceiver(secrets, { org, header, types: new Set(types) }, surroundings)
    },
  }
}

const section = 'revocation.events'

function withSources(
  secrets: EventHooksOptions['secrets'],
  sourceOf: (text: string) => SecretSource | undefined,
): EventHooksOptions['secrets'] {
  return typeof secrets === 'function'
    ? secrets
    : secrets.map((secret) => (typeof secret === 'string' ? (sourceOf(secret) ?? secret) : secret))
}
