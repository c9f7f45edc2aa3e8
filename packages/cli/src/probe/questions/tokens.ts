import type { FactId } from '@behalf/sandbox'
import { memberAt } from '../../okta/members.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, Question, TokenOutcome } from '../question.ts'
import { nobody, patching, replace } from './commands.ts'

const asked = 'https://api-c.probe.invalid'

/** What clients can do to a token, and what Okta's endpoints make of one that a hook has changed. */
export const tokens: readonly Question[] = [
  ...(['resource', 'audience'] as const).flatMap((name) =>
    (['query', 'body'] as const).map((place): Question => {
      const id: FactId = `${name}-in-${place}`
      return {
        id,
        area: 'tokens',
        question: `\`${name}\` in the ${place} of a token request`,
        assumed: 'ignored',
        assumption: 'not looked at; the option `resourceParameters` plays the other outcomes for one server',
        source: 'release note OKTA-1245853',
        maxTokens: 1,
        async observe(bench) {
          const outcome = await bench.requestToken({ [place]: { [name]: asked } })
          return { outcome: steeringOf(outcome, bench), seen: `at the hook: ${atTheHook(outcome, bench)}` }
        },
      }
    }),
  ),
  {
    id: 'introspect-replaced',
    area: 'tokens',
    question: '`/introspect` of a token whose `aud` and `sub` a hook has replaced',
    assumed: 'active, as the token says',
    source: 'nobody says',
    maxTokens: 1,
    needs: ['aud-replaced', 'sub-replaced'],
    async observe(bench) {
      const { token } = await replacedToken(bench)
      if (token === undefined) throw new CommandError('no token')
      const { status, body } = await bench.present('introspect', token)
      if (status !== 200) return { outcome: 'refused', seen: `status ${status}` }
      if (body['active'] !== true) return { outcome: 'inactive' }
      const isTold = body['aud'] === nobody.audience && body['sub'] === nobody.subject
      return { outcome: isTold ? 'active, as the token says' : 'active, as issued' }
    },
  },
  {
    id: 'revoke-replaced',
    area: 'tokens',
    question: '`/revoke` of such a token',
    assumed: 'revoked',
    source: 'nobody says',
    maxTokens: 1,
    needs: ['aud-replaced', 'sub-replaced', 'introspect-replaced'],
    async observe(bench) {
      const { token } = await replacedToken(bench)
      if (token === undefined) throw new CommandError('no token')
      const { status } = await bench.present('revoke', token)
      const { body } = await bench.present('introspect', token)
      return {
        outcome: body['active'] === true ? 'not revoked' : 'revoked',
        seen: `answered with status ${status}`,
      }
    },
  },
]

function replacedToken(bench: Bench): Promise<TokenOutcome> {
  return bench.requestToken({
    answer: patching(replace('aud', nobody.audience), replace('sub', nobody.subject)),
  })
}

function steeringOf({ claims, error }: TokenOutcome, { audience }: Bench): string {
  if (claims === undefined) return error === undefined ? 'no token' : 'refused'
  const { aud } = claims
  return aud === audience ? 'ignored' : aud === asked ? 'granted' : 'another audience'
}

function atTheHook({ event }: TokenOutcome, { audience }: Bench): string {
  if (event === undefined) return 'not called'
  const aud = memberAt(event, 'data', 'access', 'claims', 'aud')
  return aud === audience ? "the server's own" : aud === asked ? 'the one asked for' : 'another'
}
