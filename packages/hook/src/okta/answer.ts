import { sentences, writeDecision, writeNeeds } from '@behalf/core/internal'
import type { StepDenial } from '../errors/step-denial.ts'

/** An HTTP answer of the hook. A POST to the hook path is always answered with 200. */
export interface HookAnswer {
  readonly status: 200
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How a request ended. */
export type Verdict =
  | { readonly kind: 'permit' /** JSON */; readonly commands: string }
  | { readonly kind: 'deny'; readonly denial: StepDenial }
  /** The token is none of ours and stays as it is. */
  | { readonly kind: 'unchanged' }

const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }

/**
 * Turns any verdict into the answer that makes Okta act on it: 200 with `commands` or with `error`, because
 * any other status makes Okta issue the plain token.
 */
export function answer(verdict: Verdict, decisionId: string): HookAnswer {
  switch (verdict.kind) {
    case 'permit':
      return json(`{"commands":${verdict.commands},"debugContext":${JSON.stringify({ decisionId })}}`)
    case 'unchanged':
      return json(JSON.stringify({ commands: [], debugContext: { decisionId } }))
    case 'deny': {
      const { code, reason, needs } = verdict.denial
      // In front of the sentence, so that no policy's words can be taken for it.
      const needed = needs === undefined ? '' : `(${writeNeeds(needs)}) `
      const sentence = reason ?? sentences[code]
      // At the end, where the client reads it: whatever policy's words look like, this comes after them.
      const errorSummary = `${code}: ${needed}${sentence} ${writeDecision(decisionId)}`
      return json(JSON.stringify({ error: { errorSummary }, debugContext: { decisionId, code } }))
    }
  }
}

function json(body: string): HookAnswer {
  return { status: 200, headers, body }
}
