import type { RecordedHookCall } from '../exchanges/recorder.ts'
import { inlineHookId } from '../org/access-policy.ts'
import { type InlineHook, tokenHookType } from '../org/inline-hook.ts'
import { isJsonObject, type JsonObject } from '../org/json.ts'
import { outcomeOf, plays } from '../org/okta-facts.ts'
import type { Org } from '../org/org.ts'
import type { LogEntry } from '../org/system-log.ts'
import type { HookAnswer } from './answer.ts'
import type { HookCaller } from './hook-caller.ts'
import { applyCommands } from './patch.ts'
import { buildHookRequest, type HookOccasion, logRequestOf } from './request.ts'
import type { TokenDrafts } from './token-draft.ts'

/** What becomes of the tokens: minted as they now are, or refused with a description for the client. */
export type HookVerdict =
  | { readonly kind: 'mint'; readonly tokens: TokenDrafts; readonly call?: RecordedHookCall }
  | { readonly kind: 'refuse'; readonly description: string; readonly call?: RecordedHookCall }

/**
 * Lets the rule's hook change the tokens. Okta fails open: only an `error` object refuses, everything else
 * that goes wrong leaves the tokens as they were.
 */
export async function runInlineHook(
  org: Org & { readonly hooks: HookCaller },
  occasion: HookOccasion,
): Promise<HookVerdict> {
  const { tokens, match } = occasion
  const hook = org.inlineHooks.get(inlineHookId(match.rule) ?? '')
  if (
    hook?.type === tokenHookType &&
    hook.status !== 'ACTIVE' &&
    plays(org.facts, 'inactive-hook', 'refused')
  )
    return { kind: 'refuse', description: 'The inline hook is not active' }
  if (hook?.status !== 'ACTIVE' || hook.type !== tokenHookType) return { kind: 'mint', tokens }
  const request = buildHookRequest(occasion, org.clock.now(), org.facts)
  const startedAt = performance.now()
  const answer = await org.hooks(hook, request)
  const call = {
    uri: hook.uri,
    request,
    answer: 'document' in answer ? answer.document : undefined,
    startedAt,
    durationMs: performance.now() - startedAt,
  }
  const write = (
    entry: Pick<LogEntry, 'displayMessage' | 'outcome' | 'severity'> & { readonly eventType: string },
  ): void =>
    org.systemLog.write({
      ...entry,
      ...partiesOf(occasion, hook),
      request: logRequestOf(occasion),
      debugData: debugOf(occasion, answer),
    })
  const writeProcessed = (id: 'log-applied' | 'log-dropped' | 'log-denied', reason?: string): void => {
    const result = outcomeOf(org.facts, id)
    if (result === 'no event') return
    const severity = result === 'SUCCESS' ? 'INFO' : 'WARN'
    const outcome = reason === undefined || result === 'SUCCESS' ? { result } : { result, reason }
    write({ ...processed, severity, outcome })
  }
  if (answer.kind !== 'failure' && plays(org.facts, 'log-executed', 'SUCCESS'))
    write({ ...executed, severity: 'INFO', outcome: { result: 'SUCCESS' } })
  switch (answer.kind) {
    case 'failure':
      write({
        ...executed,
        severity: 'WARN',
        outcome: { result: 'FAILURE', reason: answer.reason },
      })
      return { kind: 'mint', tokens, call: { ...call, outcome: { kind: 'failed', reason: answer.reason } } }
    case 'error':
      // As for the other kinds of hooks: only the text tells a denial from a call that failed.
      writeProcessed('log-denied', answer.summary)
      return {
        kind: 'refuse',
        description: answer.summary,
        call: { ...call, outcome: { kind: 'denied', reason: answer.summary } },
      }
    case 'unchanged':
      writeProcessed('log-applied')
      return { kind: 'mint', tokens, call: { ...call, outcome: { kind: 'unchanged' } } }
    case 'commands': {
      const outcome = applyCommands(answer.commands, tokens, org.facts)
      if (outcome.applied) {
        writeProcessed('log-applied')
        return {
          kind: 'mint',
          tokens: outcome.tokens,
          call: { ...call, outcome: { kind: answer.commands.length === 0 ? 'unchanged' : 'applied' } },
        }
      }
      writeProcessed('log-dropped', outcome.reason)
      return { kind: 'mint', tokens, call: { ...call, outcome: { kind: 'failed', reason: outcome.reason } } }
    }
  }
}

const executed = { eventType: 'inline_hook.executed', displayMessage: 'Inline hook executed' } as const

const processed = {
  eventType: 'inline_hook.response.processed',
  displayMessage: 'Inline hook response processed',
} as const

function partiesOf({ app }: HookOccasion, hook: InlineHook): Pick<LogEntry, 'actor' | 'target'> {
  const client = { id: app.clientId, type: 'PublicClientApp', displayName: app.label }
  const target = { id: hook.id, type: 'inline_hook', displayName: hook.name }
  return { actor: client, target: [target] }
}

function debugOf({ match }: HookOccasion, answer: HookAnswer): JsonObject {
  const debugContext = 'document' in answer ? answer.document['debugContext'] : undefined
  return {
    inlineHookType: tokenHookType,
    policyId: match.policy.id,
    ruleId: match.rule.id,
    ...(isJsonObject(debugContext) ? { debugContext } : {}),
  }
}
