import type { DecisionRecord } from '@behalf/hook'
import type { Paint } from '../terminal/paint.ts'
import { printable } from '../terminal/printable.ts'

/** One decision of the hook as a line: when, what, who for whom, for which scopes, where, how fast. */
export function describeDecision(record: DecisionRecord, paint: Paint): string {
  const {
    time,
    decision,
    code,
    detail,
    step,
    subject,
    actors,
    client,
    scopes = [],
    audience,
    durationMs,
  } = record
  const who = actors?.join(' ← ') ?? client ?? 'somebody'
  const sentence =
    decision === 'unchanged'
      ? 'token left as it is'
      : `${who} for ${subject ?? 'an unknown user'}: ${scopes.join(' ') || 'no scope'} at ${audience ?? '?'}`
  const why =
    code === undefined ? '' : `  ${code}${detail === undefined ? '' : ` (${detail})`}, step '${step}'`
  const verdict = {
    permit: paint.good('permit'),
    deny: paint.bad('deny  '),
    unchanged: paint.doubtful('unchanged'),
  }[decision]
  return `${paint.faint(time.slice(11, 19))}  hook   ${verdict}  ${printable(sentence)}${printable(why)}  ${paint.faint(`${durationMs} ms`)}`
}

/** What else happens, as a line of the same shape. */
export function describeEvent(party: string, text: string, timeMs: number, paint: Paint): string {
  return `${paint.faint(new Date(timeMs).toISOString().slice(11, 19))}  ${party.padEnd(5)}  ${printable(text)}`
}
