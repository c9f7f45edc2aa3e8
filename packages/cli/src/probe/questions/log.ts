import type { JsonObject } from '@behalf/core'
import type { FactId } from '@behalf/sandbox'
import { memberAt, textAt } from '../../okta/members.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, HookAnswer, LoggedRuns, Observation, Question } from '../question.ts'
import { answering, patching, replace, trace } from './commands.ts'

const processed = 'inline_hook.response.processed'
const executed = 'inline_hook.executed'
const marker = 'probe_log'

/** What administrators see. */
export const log: readonly Question[] = [
  {
    id: 'log-url',
    area: 'log',
    question: "what the System Log keeps of a token request's URL",
    assumed: 'path and query',
    assumption: '`debugData.url` has path and query, so a bare assertion, too; `requestUri` the path',
    source: 'official samples and recorded events',
    maxTokens: 3,
    async observe(bench) {
      const { events, requestIds } = await loggedRuns(bench)
      const urls = ofRequest(events, requestIds.applied)
        .map((event) => textAt(event, 'debugContext', 'debugData', 'url'))
        .filter((url) => url !== '')
      if (urls.length === 0) throw new CommandError('no URL')
      return { outcome: urls.some((url) => url.includes(marker)) ? 'path and query' : 'path' }
    },
  },
  processedQuestion('log-applied', 'of an answer that was applied', 'applied', 'SUCCESS', 'nobody says'),
  processedQuestion(
    'log-dropped',
    'when a patch was dropped',
    'dropped',
    'FAILURE',
    'official samples of messages',
  ),
  processedQuestion(
    'log-denied',
    'when the hook answered with `error`',
    'denied',
    'FAILURE',
    'documented for SAML hooks: the text alone tells which',
  ),
  {
    id: 'log-executed',
    area: 'log',
    question: `is \`${executed}\` written when a call succeeds`,
    assumed: 'no event',
    assumption: 'no',
    source: 'two official sources disagree',
    maxTokens: 0,
    needs: ['log-applied'],
    async observe(bench) {
      const { events, requestIds } = await loggedRuns(bench)
      return { outcome: resultOf(ofRequest(events, requestIds.applied), executed) }
    },
  },
]

function processedQuestion(
  id: FactId,
  when: string,
  run: keyof LoggedRuns['requestIds'],
  assumed: string,
  source: string,
): Question {
  return {
    id,
    area: 'log',
    question: `outcome of \`${processed}\` ${when}`,
    assumed,
    source,
    maxTokens: 0,
    async observe(bench): Promise<Observation> {
      const { events, requestIds } = await loggedRuns(bench)
      return { outcome: resultOf(ofRequest(events, requestIds[run]), processed) }
    },
  }
}

function loggedRuns(bench: Bench): Promise<LoggedRuns> {
  bench.shared.logged ??= runThree(bench)
  return bench.shared.logged
}

async function runThree(bench: Bench): Promise<LoggedRuns> {
  const idOf = async (answer: HookAnswer): Promise<string> => {
    const { event } = await bench.requestToken({ answer, query: { [marker]: 'x' } })
    return event === undefined ? '' : textAt(event, 'data', 'context', 'request', 'id')
  }
  const requestIds = {
    applied: await idOf(trace.answer),
    dropped: await idOf(patching(replace('iss', 'https://probe.invalid'))),
    denied: await idOf(answering({ error: { errorSummary: 'denied by the probe' } })),
  }
  const ids = Object.values(requestIds)
  const events = await bench.awaitLog((found) =>
    ids.every((id) => ofRequest(found, id).some((event) => textAt(event, 'eventType') === processed)),
  )
  return { requestIds, events }
}

function ofRequest(events: readonly JsonObject[], id: string): readonly JsonObject[] {
  return events.filter(
    (event) =>
      id !== '' &&
      [
        memberAt(event, 'transaction', 'id'),
        memberAt(event, 'debugContext', 'debugData', 'requestId'),
      ].includes(id),
  )
}

function resultOf(events: readonly JsonObject[], eventType: string): string {
  const [event] = events.filter((each) => textAt(each, 'eventType') === eventType)
  if (event === undefined) return 'no event'
  const result = textAt(event, 'outcome', 'result')
  return /^[A-Z]{1,20}$/.test(result) ? result : 'another'
}
