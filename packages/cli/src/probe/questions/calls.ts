import { memberAt, textAt, withMember } from '../../okta/members.ts'
import { hooksPath } from '../../provisioning/hook-steps.ts'
import { markHeader } from '../../provisioning/mark.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Question } from '../question.ts'
import { notCalled, trace } from './commands.ts'
import { withRule } from './rule-change.ts'

/** Where the rule names its hook. */
export const hookIdPath = ['actions', 'token', 'inlineHook', 'id'] as const

/** When and how Okta calls. */
export const calls: readonly Question[] = [
  {
    id: 'inactive-hook',
    area: 'calls',
    question: 'a rule whose hook is not active',
    assumed: 'plain token',
    assumption: 'mints as if it named none',
    source: 'nobody says',
    maxTokens: 1,
    async observe(bench) {
      const hook = `${hooksPath}/${bench.made.hookId}`
      const { status, code } = await bench.manage('POST', `${hook}/lifecycle/deactivate`)
      if (status >= 400) throw new CommandError(`the hook cannot be deactivated: ${code ?? status}`)
      await bench.settle()
      try {
        const { claims, event } = await bench.requestToken({ answer: trace.answer })
        if (event !== undefined) return { outcome: 'the hook was called' }
        return { outcome: claims === undefined ? 'refused' : 'plain token' }
      } finally {
        await bench.putBack('POST', `${hook}/lifecycle/activate`)
        await bench.settle()
      }
    },
  },
  {
    id: 'hook-of-other-type',
    area: 'calls',
    question: 'a rule that names a hook of another type',
    assumed: 'plain token',
    assumption: 'taken; such hooks are kept and given back, and never called',
    source: 'nobody says',
    maxTokens: 1,
    async observe(bench) {
      const { hookUri: uri } = bench
      const headers = [{ key: markHeader, value: bench.mark }]
      const made = await bench.manage('POST', hooksPath, {
        name: bench.nameOf('of another type'),
        type: 'com.okta.saml.tokens.transform',
        version: '1.0.0',
        channel: { type: 'HTTP', version: '1.0.0', config: { uri, method: 'POST', headers } },
      })
      const id = textAt(made.document, 'id')
      if (id === '') throw new CommandError(`no such hook can be made: ${made.code ?? String(made.status)}`)
      return withRule(
        bench,
        (rule) => withMember(rule, hookIdPath, id),
        async ({ status }) => {
          if (status >= 400) return { outcome: 'rule refused' }
          const { claims, event } = await bench.requestToken({ answer: trace.answer })
          if (event !== undefined) return { outcome: 'the hook was called' }
          return { outcome: claims === undefined ? 'refused' : 'plain token' }
        },
      )
    },
  },
  {
    id: 'machine-event',
    area: 'calls',
    question: '`data` of a `client_credentials` call',
    assumed: 'without user and session',
    assumption:
      '`access` and `context` with `request`, `protocol` and `policy`; no `identity`, `session`, `user`',
    source: 'no official sample',
    maxTokens: 1,
    async observe(bench) {
      const { event } = await bench.requestToken()
      if (event === undefined) throw new CommandError(notCalled)
      const found = ['session', 'user'].filter(
        (name) => memberAt(event, 'data', 'context', name) !== undefined,
      )
      const identity = memberAt(event, 'data', 'identity') === undefined ? [] : ['identity']
      if (found.length === 0 && identity.length === 0) return { outcome: 'without user and session' }
      return {
        outcome: found.length === 2 ? 'with user and session' : `with ${[...found, ...identity].join(', ')}`,
      }
    },
  },
  {
    id: 'url-at-hook',
    area: 'calls',
    question: 'does the hook see all of a long query',
    assumed: 'whole',
    source: 'nobody says',
    maxTokens: 1,
    async observe(bench) {
      const value = 'x'.repeat(longQueryBytes)
      const { event } = await bench.requestToken({ query: { probe: value } })
      if (event === undefined) throw new CommandError(notCalled)
      const isWhole = textAt(event, 'data', 'context', 'request', 'url', 'value').endsWith(`probe=${value}`)
      return { outcome: isWhole ? 'whole' : 'cut' }
    },
  },
  {
    id: 'hook-headers',
    area: 'calls',
    question: 'headers of the call besides the documented ones',
    assumed: 'none of Okta',
    assumption: 'those of the HTTP library (`user-agent`, `accept-encoding`, …): do not rely on any',
    source: 'nobody says',
    maxTokens: 1,
    async observe(bench) {
      const { event } = await bench.requestToken()
      if (event === undefined) throw new CommandError(notCalled)
      const found = (await bench.hook.seen()).headerNames.filter((name) => name.startsWith('x-okta'))
      return found.length === 0
        ? { outcome: 'none of Okta' }
        : { outcome: 'some of Okta', seen: found.join(', ') }
    },
  },
  {
    id: 'secret-left-out',
    area: 'calls',
    question: 'a secret that is left out when a hook is replaced',
    assumed: 'stays',
    assumption: 'stays as it was',
    source: 'nobody says',
    maxTokens: 1,
    async observe(bench) {
      const path = `${hooksPath}/${bench.made.hookId}`
      const { document } = await bench.manage('GET', path)
      const { _links, ...hook } = document
      const at = ['channel', 'config', 'authScheme'] as const
      const bare = withMember(hook, at, { type: 'HEADER', key: 'Authorization' })
      const { status } = await bench.manage('PUT', path, bare)
      if (status >= 400) return { outcome: 'refused' }
      await bench.settle()
      try {
        const { event } = await bench.requestToken({ answer: trace.answer })
        return { outcome: event === undefined ? 'gone' : 'stays' }
      } finally {
        const scheme = { type: 'HEADER', key: 'Authorization', value: bench.hook.secret }
        await bench.putBack('PUT', path, withMember(hook, at, scheme))
        await bench.settle()
      }
    },
  },
  {
    id: 'longest-url',
    area: 'calls',
    question: 'longest request line of a token request',
    assumed: '8 KB',
    assumption: '8 KB, as nginx has it by default, else 414; headers together 64 KB',
    source: 'recorded answers name nginx',
    maxTokens: 6,
    async observe(bench) {
      let longest = 0
      for (const kilobytes of [4, 8, 16, 32, 64]) {
        const { token, status } = await requestLineOf(bench, kilobytes * 1024)
        if (token === undefined) {
          const beyond = await requestLineOf(bench, longest * 1024 + slackBytes)
          const seen = `answered with status ${status} beyond`
          return beyond.token === undefined
            ? { outcome: `${longest} KB`, seen }
            : { outcome: `between ${longest} and ${kilobytes} KB`, seen }
        }
        longest = kilobytes
      }
      return { outcome: 'over 64 KB' }
    },
  },
]

/** As long as a sealed assertion with a large token in it, and shorter than any limit that is known. */
const longQueryBytes = 3_000
/** Whoever measures with or without the end of the line comes to the same limit. */
const slackBytes = 64

function requestLineOf(
  bench: Parameters<Question['observe']>[0],
  bytes: number,
): ReturnType<typeof bench.requestToken> {
  const { pathname } = new URL(`${bench.made.issuer}/v1/token`)
  const rest = `POST ${pathname}?probe= HTTP/1.1\r\n`.length
  return bench.requestToken({ query: { probe: 'x'.repeat(Math.max(0, bytes - rest)) }, mayBreakOff: true })
}
