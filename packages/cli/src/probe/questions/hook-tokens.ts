import type { JsonObject } from '@behalf/core'
import { parseCompactJws } from '@behalf/core/internal'
import { textAt, withMember } from '../../okta/members.ts'
import { hooksPath, hookType } from '../../provisioning/hook-steps.ts'
import { markHeader } from '../../provisioning/mark.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, Observation, Question } from '../question.ts'
import { hookIdPath } from './calls.ts'
import { notCalled, trace } from './commands.ts'
import { withRule } from './rule-change.ts'

const release = 'release notes OKTA-551186, OKTA-702184'
const maxTokenBytes = 16_384

/** How Okta authenticates with OAuth: the probe's hook plays its owner's token endpoint, too. */
export const hookTokens: readonly Question[] = [
  {
    id: 'hook-token-kept',
    area: 'calls',
    question: 'access token for an OAuth-secured hook',
    assumed: 'kept',
    assumption: 'kept until it expires',
    source: release,
    maxTokens: 2,
    observe: (bench) => countFetches(bench, 'kept', 3600),
  },
  {
    id: 'hook-token-without-lifetime',
    area: 'calls',
    question: 'such a token without `expires_in`',
    assumed: 'fetched each time',
    source: 'nobody says',
    maxTokens: 2,
    observe: (bench) => countFetches(bench, 'without lifetime', undefined),
  },
  {
    id: 'hook-token-fetch-time',
    area: 'calls',
    question: 'does the fetch of that token count against the three seconds',
    assumed: 'counts',
    source: "Okta's documentation of inline hooks",
    maxTokens: 1,
    observe(bench) {
      const delayMs = Math.round(bench.hookLimitMs * 0.6)
      bench.hook.issueTokens({ delayMs })
      return withOAuthHook(bench, 'slow', secretOf('slow'), async () => {
        const { event, claims } = await bench.requestToken({ answer: { ...trace.answer, delayMs } })
        if (event === undefined) throw new CommandError(notCalled)
        if (claims === undefined) return { outcome: 'refused' }
        return { outcome: claims[trace.name] === trace.value ? 'does not count' : 'counts' }
      })
    },
  },
  {
    id: 'hook-assertion-audience',
    area: 'calls',
    question: "audience of the assertion at the hook owner's token endpoint (`private_key_jwt`)",
    assumed: 'token URL',
    assumption: 'the token URL',
    source: 'nobody says; RFC 7523 §3 suggests it',
    maxTokens: 1,
    async observe(bench) {
      const key = await bench.manage('POST', '/api/v1/hook-keys', { name: bench.nameOf('key') })
      const hookKeyId = textAt(key.document, 'id')
      if (hookKeyId === '') throw new CommandError(`no key can be made: ${key.code ?? String(key.status)}`)
      bench.hook.issueTokens({ expiresInSeconds: 3600 })
      return withOAuthHook(bench, 'keyed', { authType: 'private_key_jwt', hookKeyId }, async () => {
        await bench.requestToken({ answer: trace.answer })
        const [request] = (await bench.hook.seen()).tokenRequests
        const parsed = parseCompactJws(request?.['client_assertion'] ?? '', maxTokenBytes)
        if (!parsed.ok) throw new CommandError('no assertion was sent')
        const { aud } = parsed.value.payload
        return { outcome: aud === tokenUrlOf(bench) ? 'token URL' : 'another' }
      })
    },
  },
]

function countFetches(
  bench: Bench,
  name: string,
  expiresInSeconds: number | undefined,
): Promise<Observation> {
  bench.hook.issueTokens(expiresInSeconds === undefined ? {} : { expiresInSeconds })
  return withOAuthHook(bench, name, secretOf(name), async () => {
    const outcomes = [
      await bench.requestToken({ answer: trace.answer }),
      await bench.requestToken({ answer: trace.answer }),
    ]
    if (outcomes.some(({ event }) => event === undefined)) throw new CommandError(notCalled)
    const fetches = (await bench.hook.seen()).tokenRequests.length
    const seen = `${fetches} fetches for 2 calls`
    return { outcome: fetches === 1 ? 'kept' : fetches === 2 ? 'fetched each time' : 'otherwise', seen }
  })
}

/** Lets the rule call the probe's hook with OAuth, as another client each time: what is kept is kept for a client. */
async function withOAuthHook(
  bench: Bench,
  name: string,
  secured: JsonObject,
  meanwhile: () => Promise<Observation>,
): Promise<Observation> {
  const { document, code, status } = await bench.manage('POST', hooksPath, {
    name: bench.nameOf(name),
    type: hookType,
    version: '1.0.0',
    channel: {
      type: 'OAUTH',
      version: '1.0.0',
      config: {
        uri: bench.hookUri,
        method: 'POST',
        headers: [{ key: markHeader, value: bench.mark }],
        clientId: `probe-${name.replaceAll(' ', '-')}`,
        tokenUrl: tokenUrlOf(bench),
        scope: 'probe',
        ...secured,
      },
    },
  })
  const id = textAt(document, 'id')
  if (id === '') throw new CommandError(`no such hook can be made: ${code ?? String(status)}`)
  return withRule(bench, (rule) => withMember(rule, hookIdPath, id), meanwhile)
}

function secretOf(name: string): JsonObject {
  return { authType: 'client_secret_post', clientSecret: `not a secret: ${name}` }
}

function tokenUrlOf({ hookUri }: Bench): string {
  return `${hookUri}/token`
}
