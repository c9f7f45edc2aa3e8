import { setTimeout as sleep } from 'node:timers/promises'
import { hookEvent } from '@behalf/testing'
import { Connection, requestBytes } from './connection.ts'
import type { Question, Result } from './okta.ts'
import type { Stage } from './stage.ts'

/** Opens connections to the hook. */
export async function connections(stage: Stage, count: number): Promise<readonly Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(stage.hook.origin)))
}

/** Asks on every connection that is free, up to a rate, and returns what came of it. */
export async function flood(
  stage: Stage,
  open: readonly Connection[],
  perSecond: number,
  durationMs: number,
  next: (index: number) => Question,
): Promise<{ readonly results: readonly Result[]; readonly offered: number }> {
  const results: Result[] = []
  const unanswered = new Set<Question>()
  const startedAt = performance.now()
  let sent = 0
  for (;;) {
    const elapsedMs = performance.now() - startedAt
    if (elapsedMs >= durationMs) break
    const due = (elapsedMs * perSecond) / 1_000
    for (const connection of open) {
      if (sent >= due) break
      if (connection.busy) continue
      const question = { ...next(sent++) }
      const body = question.body ?? JSON.stringify(hookEvent({ assertion: question.assertion ?? '' }))
      unanswered.add(question)
      connection.send(requestBytes(body), (answer) => {
        unanswered.delete(question)
        results.push(stage.okta.record(question, answer, answer.elapsedMs))
      })
    }
    await sleep(1)
  }
  const offered = Math.round((sent * 1_000) / durationMs)
  while (unanswered.size > 0 && performance.now() - startedAt < durationMs + 5_000) await sleep(10)
  for (const question of unanswered) {
    results.push(stage.okta.record(question, new Error('none within 5 s'), 5_000))
  }
  return { results, offered }
}
