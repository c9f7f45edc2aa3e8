import type { FactId } from '@behalf/sandbox'
import { CommandError } from '../../terminal/command.ts'
import type { HookAnswer, Question, TokenOutcome } from '../question.ts'
import { answering, notCalled, trace } from './commands.ts'

const commands = [
  {
    type: 'com.okta.access.patch',
    value: [{ op: 'add', path: `/claims/${trace.name}`, value: trace.value }],
  },
]

const rows: readonly (readonly [
  id: FactId,
  question: string,
  assumed: string,
  answer: HookAnswer,
  assumption?: string,
  source?: string,
])[] = [
  [
    'error-without-summary',
    '`error` without `errorSummary`',
    'refused',
    answering({ error: {} }),
    'refused; the description is `The callback service returned an error`',
    "the default text is in Okta's documentation",
  ],
  [
    'error-not-object',
    '`error` that is not an object',
    'plain token',
    answering({ error: 'no' }),
    'the answer is unusable: the unmodified token is issued',
  ],
  [
    'error-beside-commands',
    '`error` and `commands` in one answer',
    'refused',
    answering({ error: { errorSummary: 'denied by the probe' }, commands }),
    '`error` wins',
  ],
  [
    'commands-missing',
    '`commands` missing',
    'plain token',
    answering({}),
    'the unmodified token, logged as a success',
  ],
  [
    'commands-null',
    '`commands` is `null`',
    'plain token',
    answering({ commands: null }),
    'the unmodified token, logged as a success',
  ],
  [
    'commands-empty',
    '`commands` is empty',
    'plain token',
    answering({ commands: [] }),
    'the unmodified token, logged as a success',
  ],
  [
    'commands-not-list',
    '`commands` that is not a list',
    'plain token',
    answering({ commands: 'no' }),
    'the answer is unusable: the unmodified token',
  ],
  [
    'answer-not-object',
    'a document that is not an object',
    'plain token',
    answering([]),
    'the answer is unusable: the unmodified token',
  ],
  [
    'answer-content-type',
    "content type of the answer that is not JSON's",
    'applied',
    { ...trace.answer, contentType: 'text/plain' },
    'not looked at; the body must be JSON',
  ],
  [
    'other-2xx',
    'statuses from 201 to 299 other than 204',
    'plain token',
    { ...trace.answer, status: 202 },
    'like any status but 200: the unmodified token',
    'Okta documents 200 and 204',
  ],
]

/** What Okta makes of answers. */
export const answers: readonly Question[] = [
  {
    id: 'error-status',
    area: 'answers',
    question: 'HTTP status of the token endpoint when a hook answers with `error`',
    assumed: '400',
    assumption: '400, with `error=server_error` and `error_description` = `errorSummary`',
    source: 'a release note of 2019 calls 400 the right one',
    maxTokens: 1,
    async observe(bench) {
      const { status, error = 'no code' } = await bench.requestToken({
        answer: answering({ error: { errorSummary: 'denied by the probe' } }),
      })
      return { outcome: String(status), seen: error }
    },
  },
  ...rows.map(
    ([id, question, assumed, answer, assumption = assumed, source = 'nobody says']): Question => ({
      id,
      area: 'answers',
      question,
      assumed,
      assumption,
      source,
      maxTokens: 1,
      observe: async (bench) => ({ outcome: whatCameOf(await bench.requestToken({ answer })) }),
    }),
  ),
]

/** Says what became of the token: an answer that was taken has left its trace. */
function whatCameOf({ claims, event }: TokenOutcome): string {
  if (event === undefined) throw new CommandError(notCalled)
  if (claims === undefined) return 'refused'
  return claims[trace.name] === trace.value ? 'applied' : 'plain token'
}
