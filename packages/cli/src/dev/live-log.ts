import type { DecisionRecord } from '@behalf/hook'
import { bad, doubtful, faint, good, type Line, line } from '../terminal/line.ts'

/** Returns one decision of the hook as a line: when, what, who for whom, for which scopes, where, how fast. */
export function describeDecision(record: DecisionRecord): Line {
  const {
    time,
    decision,
    code,
    detail,
    step,
    subject,
    actors,
    agents = [],
    client,
    scopes = [],
    audience,
    durationMs,
  } = record
  const names = actors?.map((actor) => (agents.includes(actor) ? `${actor} (AI agent)` : actor))
  const who = names?.join(' ← ') ?? client ?? 'somebody'
  const sentence =
    decision === 'unchanged'
      ? 'token left as it is'
      : `${who} for ${subject ?? 'an unknown user'}: ${scopes.join(' ') || 'no scope'} at ${audience ?? '?'}`
  const why =
    code === undefined ? '' : `  ${code}${detail === undefined ? '' : ` (${detail})`}, step '${step}'`
  const verdict = {
    permit: good('permit'),
    deny: bad('deny  '),
    unchanged: doubtful('unchanged'),
  }[decision]
  return line`${faint(time.slice(11, 19))}  hook   ${verdict}  ${sentence}${why}  ${faint(`${durationMs} ms`)}`
}

/** Says what else happens, as a line of the same shape. */
export function describeEvent(party: string, text: Line, timeMs: number): Line {
  return line`${faint(new Date(timeMs).toISOString().slice(11, 19))}  ${party.padEnd(5)}  ${text}`
}
