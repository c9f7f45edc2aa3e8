import { randomBytes, randomUUID } from 'node:crypto'
import { logDocument } from '../management/log-document.ts'
import type { EventHook } from '../org/event-hook.ts'
import { isJsonObject } from '../org/json.ts'
import type { Org } from '../org/org.ts'
import type { LogEvent } from '../org/system-log.ts'

/** What calls the event hooks of an org. */
export interface EventHookCaller {
  /** Asks a hook's owner to repeat a challenge; returns whether that was done. */
  verify(hook: EventHook): Promise<boolean>
  /** Tells the hooks that want to know of an event, without waiting for them. */
  tell(event: LogEvent): void
  /** Resolves when all calls that were begun have ended. */
  settled(): Promise<void>
}

/** From the start of a call to the end of its answer. */
const timeoutMs = 3_000
const maxAnswerLength = 10_000
const failedDelivery = 'event_hook.delivery'

/**
 * Creates what calls the event hooks of one org: within three seconds, and once more when that failed, but not when the answer
 * was that the call is wrong. Nobody waits for it, and nothing of the org depends on it.
 */
export function createEventHookCaller(
  org: Pick<Org, 'eventHooks' | 'url' | 'clock' | 'systemLog'>,
  call: typeof fetch,
): EventHookCaller {
  const underWay = new Set<Promise<void>>()

  const send = async (hook: EventHook, init: RequestInit): Promise<Response | undefined> => {
    const auth = hook.auth === undefined ? {} : { [hook.auth.header]: hook.auth.secret }
    const headers = { ...hook.headers, accept: 'application/json', ...Object(init.headers), ...auth }
    try {
      return await call(hook.uri, {
        ...init,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch {
      // The cause may quote headers or the address, which must not reach the log.
      return undefined
    }
  }

  const deliver = async (hook: EventHook, event: LogEvent): Promise<void> => {
    const body = JSON.stringify(envelopeOf(hook, event, org))
    const headers = { 'content-type': 'application/json' }
    for (const attempt of ['first', 'second']) {
      const response = await send(hook, { method: 'POST', headers, body })
      await response?.body?.cancel()
      if (response?.ok === true) return
      const isRefused = response !== undefined && response.status >= 400 && response.status < 500
      if (!isRefused && attempt === 'first') continue
      const reason = response === undefined ? 'no answer' : `HTTP status ${response.status}`
      org.systemLog.write({
        eventType: failedDelivery,
        displayMessage: 'Event hook delivery',
        severity: 'WARN',
        outcome: { result: 'FAILURE', reason },
        actor: { id: 'event-hooks', type: 'SystemPrincipal', displayName: 'Event Hooks' },
        target: [{ id: hook.id, type: 'event_hook', displayName: hook.name }],
      })
      return
    }
  }

  return {
    async verify(hook) {
      const challenge = randomBytes(32).toString('base64url')
      const response = await send(hook, {
        method: 'GET',
        headers: { 'x-okta-verification-challenge': challenge },
      })
      if (response?.status !== 200) return false
      const text = (await response.text().catch(() => '')).slice(0, maxAnswerLength)
      return repeats(text, challenge)
    },
    tell(event) {
      // A failure that was told of itself would cause the next one, without end.
      if (event.eventType === failedDelivery) return
      for (const hook of org.eventHooks.values()) {
        const isTold = hook.status === 'ACTIVE' && hook.verificationStatus === 'VERIFIED'
        if (!isTold || !hook.types.includes(event.eventType)) continue
        const delivery = deliver(hook, event).finally(() => underWay.delete(delivery))
        underWay.add(delivery)
      }
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** What a hook's owner is sent: the event as the System Log has it, in a list of its own. */
function envelopeOf(hook: EventHook, event: LogEvent, { url, clock }: Pick<Org, 'url' | 'clock'>): object {
  return {
    eventType: 'com.okta.event_hook',
    eventTypeVersion: '1.0',
    cloudEventsVersion: '0.1',
    source: `${url}/api/v1/eventHooks/${hook.id}`,
    eventId: randomUUID(),
    eventTime: new Date(clock.now()).toISOString(),
    contentType: 'application/json',
    data: { events: [logDocument(event)] },
  }
}

function repeats(text: string, challenge: string): boolean {
  try {
    const answer: unknown = JSON.parse(text)
    return isJsonObject(answer) && answer['verification'] === challenge
  } catch {
    return false
  }
}
