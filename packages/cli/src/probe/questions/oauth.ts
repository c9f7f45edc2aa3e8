import type { FactId } from '@behalf/sandbox'
import { textAt, withMember } from '../../okta/members.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, Observation, Question, TokenOutcome } from '../question.ts'
import { probeScope, ungrantedScope } from '../throwaway.ts'
import { withRule } from './rule-change.ts'

/** What Okta's OAuth endpoints do. */
export const oauth: readonly Question[] = [
  {
    id: 'no-rule',
    area: 'oauth',
    question: 'a request that no policy rule admits',
    assumed: '400 access_denied',
    assumption: "`access_denied` with Okta's description, HTTP 400",
    source: "Okta's documentation names the code, not the status",
    maxTokens: 1,
    async observe(bench) {
      const { status, error = 'no error' } = await bench.requestToken({ scope: ungrantedScope })
      return { outcome: `${status} ${error}` }
    },
  },
  {
    id: 'machine-openid',
    area: 'oauth',
    question: 'a machine that asks for `openid` or another standard scope',
    assumed: 'invalid_scope',
    source: 'nobody says',
    maxTokens: 1,
    async observe(bench) {
      const { error = 'granted' } = await bench.requestToken({ scope: `${probeScope} openid` })
      return { outcome: error }
    },
  },
  {
    id: 'unknown-client',
    area: 'oauth',
    question: 'a client that is not known',
    assumed: '401 invalid_client',
    assumption:
      "401 `invalid_client`; the fault `client-envelope` plays the orgs that answer in Okta's own envelope",
    source: 'both are recorded',
    maxTokens: 0,
    async observe(bench) {
      return clientRefusal(await bench.requestToken({ credentials: { id: '0oaOfNobody000000000' } }))
    },
  },
  {
    id: 'wrong-secret',
    area: 'oauth',
    question: 'a client that does not authenticate',
    assumed: '401 invalid_client',
    source: 'both are recorded',
    maxTokens: 0,
    async observe(bench) {
      return clientRefusal(await bench.requestToken({ credentials: { secret: 'not the secret' } }))
    },
  },
  {
    id: 'secret-either-way',
    area: 'oauth',
    question: '`client_secret_post` of an app that has `client_secret_basic`',
    assumed: 'either',
    assumption: 'either is accepted for an app that has a secret',
    source: 'nobody says',
    maxTokens: 1,
    async observe(bench) {
      const { token } = await bench.requestToken({ credentials: { inBody: true } })
      return { outcome: token === undefined ? 'as registered' : 'either' }
    },
  },
  {
    id: 'people-unnamed',
    area: 'oauth',
    question: 'a rule whose conditions name no people and no groups',
    assumed: 'admitted',
    assumption:
      'it is for everybody, machines among them; whom others are for is looked at once it is known who signs in',
    source: 'recorded rules name `EVERYONE`',
    maxTokens: 1,
    observe: (bench) =>
      withRule(
        bench,
        (rule) =>
          withMember(rule, ['conditions', 'people'], {
            users: { include: [], exclude: [] },
            groups: { include: [], exclude: [] },
          }),
        async ({ status, code }) => {
          if (status >= 400) return { outcome: 'rule refused', seen: code ?? String(status) }
          const { token } = await bench.requestToken()
          return { outcome: token === undefined ? 'not admitted' : 'admitted' }
        },
      ),
  },
  {
    id: 'lone-word-claim',
    area: 'oauth',
    question: 'a lone word as the expression of a claim',
    assumed: 'no claim',
    assumption:
      'the management API takes it, and it gives no claim; options and seeds refuse it, since there it is a slip',
    source: "Okta's Terraform provider has it in an example",
    maxTokens: 1,
    observe: (bench) => claimOf(bench, 'probe_word', 'probe'),
  },
  {
    id: 'user-claim-of-machine',
    area: 'oauth',
    question: 'a claim about the user, in the token of a machine',
    assumed: 'no claim',
    source: 'nobody says',
    maxTokens: 1,
    observe: (bench) => claimOf(bench, 'probe_login', 'user.login'),
  },
  authorizeQuestion('authorize-nonce', '`nonce` without `openid`, at the authorization endpoint', {
    nonce: 'probe',
  }),
  authorizeQuestion('authorize-resource', '`resource` at the authorization endpoint', {
    resource: 'https://api-c.probe.invalid',
  }),
  {
    id: 'keys-for-pages',
    area: 'oauth',
    question: 'which pages may read keys and metadata',
    assumed: 'every origin',
    assumption: "all; the other endpoints answer pages of apps' redirect URIs and of `trustedOrigins`",
    source: 'nobody says',
    maxTokens: 0,
    async observe(bench) {
      const { headers } = await bench.visit('/v1/keys', { origin: 'https://pages.probe.invalid' })
      return { outcome: headers.has('access-control-allow-origin') ? 'every origin' : 'known origins' }
    },
  },
]

function clientRefusal({ status, error = 'no error', isEnvelope }: TokenOutcome): Observation {
  return { outcome: `${status} ${error}${isEnvelope ? ' in the envelope' : ''}` }
}

/** Adds a claim to the server, asks for a token, and takes the claim away. */
async function claimOf(bench: Bench, name: string, value: string): Promise<Observation> {
  const claims = `/api/v1/authorizationServers/${bench.made.serverId}/claims`
  const made = await bench.manage('POST', claims, {
    name,
    status: 'ACTIVE',
    claimType: 'RESOURCE',
    valueType: 'EXPRESSION',
    value,
    conditions: { scopes: [] },
    alwaysIncludeInToken: true,
  })
  if (made.status >= 400) return { outcome: 'refused', seen: made.code ?? String(made.status) }
  await bench.settle()
  try {
    const { claims: issued, error } = await bench.requestToken()
    if (issued === undefined) throw new CommandError(`no token: ${error ?? 'no reason'}`)
    const { [name]: found } = issued
    return { outcome: found === undefined ? 'no claim' : found === '' ? 'empty text' : 'a claim' }
  } finally {
    await bench.putBack('DELETE', `${claims}/${textAt(made.document, 'id')}`)
  }
}

/** Whoever has not signed in is told so without a page, unless the request itself is refused. */
function authorizeQuestion(
  id: FactId,
  question: string,
  parameters: Readonly<Record<string, string>>,
): Question {
  return {
    id,
    area: 'oauth',
    question,
    assumed: 'not looked at',
    source: 'nobody says',
    maxTokens: 0,
    async observe(bench) {
      const [without, withThem] = [await authorize(bench, {}), await authorize(bench, parameters)]
      if (without !== 'login_required') throw new CommandError(`unknown: ${without}`)
      return withThem === without ? { outcome: 'not looked at' } : { outcome: 'refused', seen: withThem }
    },
  }
}

async function authorize(bench: Bench, parameters: Readonly<Record<string, string>>): Promise<string> {
  const { nativeClientId, redirectUri } = bench.made
  const query = new URLSearchParams({
    client_id: nativeClientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: probeScope,
    state: 'probe',
    prompt: 'none',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...parameters,
  })
  const { status, headers } = await bench.visit(`/v1/authorize?${query}`)
  const error = URL.parse(headers.get('location') ?? '')?.searchParams.get('error')
  return typeof error === 'string' && /^\w{1,40}$/.test(error) ? error : `status ${status}`
}
