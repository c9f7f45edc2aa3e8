import { memberAt, textAt } from '../../okta/members.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, HookAnswer, Observation, Question } from '../question.ts'
import { assuranceAsked, type Refreshed, refresh, type SignedIn, signIn } from '../signed-in.ts'
import { answering, notCalled } from './commands.ts'

/** The candidates, listed here too: a probe that took them from the sandbox could not find it wrong. */
const idTokenClaims: readonly string[] = [
  'acr',
  'amr',
  'at_hash',
  'aud',
  'auth_time',
  'c_hash',
  'exp',
  'iat',
  'idp',
  'iss',
  'jti',
  'nonce',
  'sub',
  'ver',
]

/** What shows only when somebody signs in: one person, once. */
export const people: readonly Question[] = [
  {
    id: 'acr-reached',
    area: 'people',
    question: '`acr_values` at sign-in',
    assumed: 'told',
    assumption:
      "the first of Okta's own names is reached by whoever signs in, is in `acr` of both tokens and adds its methods to `amr`; names that nobody knows are ignored; `max_age` and another level than the session's lead to the page",
    source: 'Okta documents the names',
    maxTokens: 1,
    async observe(bench) {
      const { access } = await signIn(bench)
      return { outcome: access['acr'] === assuranceAsked ? 'told' : 'not told' }
    },
  },
  {
    id: 'id-token-claims',
    area: 'people',
    question: 'claims of ID tokens beside an access token',
    assumed: 'of the scopes',
    assumption:
      "those of the granted scopes, always; a server's own claim that is not always included is in userinfo only; `email` is the login unless another is given, and verified",
    source: 'nobody says; Okta documents thin tokens for other flows',
    maxTokens: 0,
    async observe(bench) {
      const { identity } = await signIn(bench)
      return { outcome: identity['email'] === undefined ? 'few' : 'of the scopes' }
    },
  },
  {
    id: 'refresh-rule',
    area: 'people',
    question: 'rule for a refreshed token',
    assumed: 'that of authorization_code',
    assumption: 'the one for `authorization_code`',
    source: 'nobody says; a rule has no grant type for refreshing',
    maxTokens: 1,
    async observe(bench) {
      const { tokens, error = 'no tokens' } = await refresh(bench)
      return tokens === undefined
        ? { outcome: 'none', seen: error }
        : { outcome: 'that of authorization_code' }
    },
  },
  {
    id: 'refresh-calls-hook',
    area: 'people',
    question: 'does refreshing a token call the hook',
    assumed: 'called',
    assumption: 'yes',
    source: 'nobody says',
    maxTokens: 1,
    needs: ['refresh-rule'],
    async observe(bench) {
      const { event } = await refreshed(bench)
      return { outcome: event === undefined ? 'not called' : 'called' }
    },
  },
  {
    id: 'refresh-token-id',
    area: 'people',
    question: '`data.refresh_token.jti`',
    assumed: 'an id',
    assumption:
      "an id that is not the token itself, like Okta's `oar…`; `protocol.OriginalGrant` has it, too",
    source: "Okta's samples",
    maxTokens: 1,
    needs: ['refresh-rule', 'refresh-calls-hook'],
    async observe(bench) {
      const { refreshToken: used } = await signIn(bench)
      const { event, tokens } = await refreshed(bench)
      const jti = event === undefined ? '' : textAt(event, 'data', 'refresh_token', 'jti')
      if (jti === '')
        throw new CommandError(event === undefined ? notCalled : 'the event has no refresh token')
      return { outcome: [used, tokens.refreshToken].includes(jti) ? 'the token itself' : 'an id' }
    },
  },
  {
    id: 'refresh-rotated',
    area: 'people',
    question: 'refresh tokens of an app that does not say',
    assumed: 'rotated',
    assumption: 'rotated at every use',
    source: 'Okta documents both settings',
    maxTokens: 1,
    needs: ['refresh-rule'],
    async observe(bench) {
      const { refreshToken: used } = await signIn(bench)
      const { tokens } = await refreshed(bench)
      return { outcome: tokens.refreshToken === used ? 'kept' : 'rotated' }
    },
  },
  {
    id: 'id-token-reserved',
    area: 'people',
    question: 'reserved claims of ID tokens',
    assumed: 'as listed',
    assumption: idTokenClaims.map((name) => `\`${name}\``).join(', '),
    source: "nobody says; Okta's reference lists them for access tokens",
    maxTokens: idTokenClaims.length,
    needs: ['refresh-rule', 'refresh-calls-hook'],
    async observe(bench) {
      const free: string[] = []
      for (const name of idTokenClaims) {
        const value = `probe ${name}`
        const { tokens } = await refreshed(bench, identity({ op: 'add', path: `/claims/${name}`, value }))
        if (tokens.identity[name] === value) free.push(name)
      }
      return { outcome: free.length === 0 ? 'as listed' : `${free.join(', ')} is free` }
    },
  },
  {
    id: 'id-token-lifetime',
    area: 'people',
    question: 'lifetime of ID tokens that a hook sets',
    assumed: '300 to 86400',
    assumption: 'same bounds as access tokens: 300 to 86 400 seconds',
    source: 'nobody says',
    maxTokens: 1,
    needs: ['refresh-rule', 'refresh-calls-hook'],
    async observe(bench) {
      const short = 120
      const set = { op: 'replace', path: '/token/lifetime/expiration', value: short }
      const { tokens } = await refreshed(bench, identity(set))
      const { exp, iat } = tokens.identity
      return { outcome: Number(exp) - Number(iat) === short ? 'any' : '300 to 86400' }
    },
  },
  claimQuestion(
    'groups-everyone',
    '`groups` claims whose filter takes all',
    'with Everyone',
    "the names of the user's groups that pass the filter, `Everyone` included",
    { valueType: 'GROUPS', group_filter_type: 'REGEX', value: '.*' },
    (claim) => (Array.isArray(claim) && claim.includes('Everyone') ? 'with Everyone' : 'without Everyone'),
  ),
  claimQuestion(
    'groups-none',
    '`groups` claims when no group passes the filter',
    'no claim',
    'no claim',
    { valueType: 'GROUPS', group_filter_type: 'EQUALS', value: 'no group is called so: behalf probe' },
    (claim) => (claim === undefined ? 'no claim' : 'an empty list'),
  ),
  claimQuestion(
    'empty-attribute',
    'an expression with a missing attribute, or with one of the wrong kind',
    'no claim',
    'no claim; nothing is concatenated with `null`',
    { valueType: 'EXPRESSION', value: 'String.append("probe", user.costCenter)' },
    (claim) => (claim === undefined ? 'no claim' : 'a text'),
  ),
  {
    id: 'refused-refresh',
    area: 'people',
    question: 'a refresh token whose request a hook refused',
    assumed: 'used up',
    source: 'nobody says; tokens that are rotated are used up at once',
    maxTokens: 2,
    needs: ['refresh-rule', 'refresh-calls-hook', 'refresh-rotated'],
    async observe(bench) {
      const { refreshToken } = await signIn(bench)
      const denied = await refresh(bench, answering({ error: { errorSummary: 'denied by the probe' } }))
      if (denied.tokens !== undefined) throw new CommandError('the refresh was not refused')
      const again = await refresh(bench, undefined, refreshToken)
      return { outcome: again.tokens === undefined ? 'used up' : 'still good' }
    },
  },
]

function identity(operation: {
  readonly op: string
  readonly path: string
  readonly value: string | number
}): HookAnswer {
  return answering({ commands: [{ type: 'com.okta.identity.patch', value: [{ ...operation }] }] })
}

async function refreshed(
  bench: Bench,
  answer?: HookAnswer,
): Promise<Refreshed & { readonly tokens: SignedIn }> {
  const { tokens, error, event } = await refresh(bench, answer)
  if (tokens === undefined) throw new CommandError(`no tokens were refreshed: ${error ?? 'no reason'}`)
  return { tokens, error, event }
}

/** Adds a claim to the server, refreshes, and takes the claim away. */
function claimQuestion(
  id: Question['id'],
  question: string,
  assumed: string,
  assumption: string,
  claim: Readonly<Record<string, string>>,
  outcomeOf: (claim: unknown) => string,
): Question {
  return {
    id,
    area: 'people',
    question,
    assumed,
    assumption,
    source: 'nobody says',
    maxTokens: 1,
    needs: ['refresh-rule'],
    async observe(bench): Promise<Observation> {
      const claims = `/api/v1/authorizationServers/${bench.made.serverId}/claims`
      const name = 'probe_of_person'
      const made = await bench.manage('POST', claims, {
        name,
        status: 'ACTIVE',
        claimType: 'RESOURCE',
        conditions: { scopes: [] },
        alwaysIncludeInToken: true,
        ...claim,
      })
      if (made.status >= 400) throw new CommandError(`the claim was refused: ${made.code ?? made.status}`)
      await bench.settle()
      try {
        const { tokens } = await refreshed(bench)
        return { outcome: outcomeOf(memberAt(tokens.access, name)) }
      } finally {
        await bench.putBack('DELETE', `${claims}/${textAt(made.document, 'id')}`)
      }
    },
  }
}
