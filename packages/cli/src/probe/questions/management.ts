import type { JsonObject } from '@behalf/core'
import type { FactId } from '@behalf/sandbox'
import { policyDocument, serviceAppDocument } from '../../okta/documents.ts'
import type { ManagementAnswer } from '../../okta/management-api.ts'
import { memberAt, textAt, withMember } from '../../okta/members.ts'
import { policiesPathOf } from '../../okta/rules.ts'
import { hooksPath, hookType } from '../../provisioning/hook-steps.ts'
import { markHeader } from '../../provisioning/mark.ts'
import { CommandError } from '../../terminal/command.ts'
import type { Bench, Observation, Question } from '../question.ts'
import { hookIdPath } from './calls.ts'
import { rulePathOf } from './rule-change.ts'

const member = 'behalf_probe'
const untold = 'nobody says'
const serverOf = ({ made }: Bench): string => `/api/v1/authorizationServers/${made.serverId}`

type Ask = Question['observe']

/** What the management API does. */
export const management: readonly Question[] = [
  row('delete-active-hook', 'deleting an active inline hook', '400 E0000001', untold, async (bench) => {
    const headers = [{ key: markHeader, value: bench.mark }]
    const config = { uri: bench.hookUri, method: 'POST', headers }
    const made = await bench.manage('POST', hooksPath, {
      name: bench.nameOf('spare'),
      type: hookType,
      version: '1.0.0',
      channel: { type: 'HTTP', version: '1.0.0', config },
    })
    return refusalOf(await bench.manage('DELETE', `${hooksPath}/${idOfSpare(made)}`), 'deleted')
  }),
  row('delete-active-app', 'deleting an active app', '403 E0000056', 'recorded', async (bench) => {
    const made = await bench.manage('POST', '/api/v1/apps', spareApp(bench, 'spare'))
    return refusalOf(await bench.manage('DELETE', `/api/v1/apps/${idOfSpare(made)}`), 'deleted')
  }),
  row(
    'missing-hook-in-rule',
    'a rule that names an inline hook that does not exist',
    '400 E0000001',
    untold,
    (bench) =>
      spareRule(
        bench,
        (rule) => withMember(rule, hookIdPath, 'calOfNobody000000000'),
        (answer) => refusalOf(answer, 'taken'),
      ),
  ),
  row(
    'unknown-member-of-policy',
    'members of policies that the API does not know',
    'kept',
    untold,
    async (bench) => {
      const { clientId } = bench.made
      const policy = policyDocument({ name: bench.nameOf('spare'), mark: bench.mark, clientIds: [clientId] })
      const path = policiesPathOf(bench.made.serverId)
      const body = { ...policy, status: 'INACTIVE', priority: 2, [member]: 'x' }
      const made = await bench.manage('POST', path, body)
      const own = `${path}/${textAt(made.document, 'id')}`
      try {
        return await whetherKept(bench, made, own, [member])
      } finally {
        if (made.status < 400) await bench.putBack('DELETE', own)
      }
    },
  ),
  row('unknown-member-of-rule', 'members of rules that the API does not know', 'kept', untold, (bench) =>
    spareRule(
      bench,
      (rule) => ({ ...rule, [member]: 'x' }),
      (made, path) => whetherKept(bench, made, path, [member]),
    ),
  ),
  row(
    'unknown-member-of-app',
    "members of apps' OAuth client that the API does not know",
    'kept',
    'recorded members that no schema has',
    async (bench) => {
      const at = ['settings', 'oauthClient', member]
      const app = withMember(spareApp(bench, 'with an unknown member'), at, 'x')
      const made = await bench.manage('POST', '/api/v1/apps', app)
      return whetherKept(bench, made, `/api/v1/apps/${textAt(made.document, 'id')}`, at)
    },
  ),
  row(
    'unknown-member-of-scope',
    'members of scopes that the API does not know',
    'dropped',
    untold,
    async (bench) => {
      const path = `${serverOf(bench)}/scopes`
      const made = await bench.manage('POST', path, { name: 'probe.member', [member]: 'x' })
      return whetherKept(bench, made, `${path}/${textAt(made.document, 'id')}`, [member])
    },
  ),
  row(
    'unknown-member-of-server',
    'members of authorization servers that the API does not know',
    'dropped',
    untold,
    async (bench) => {
      const { document } = await bench.manage('GET', serverOf(bench))
      const changed = await bench.manage('PUT', serverOf(bench), { ...document, [member]: 'x' })
      return whetherKept(bench, changed, serverOf(bench), [member])
    },
  ),
  row(
    'issuer-mode',
    'issuer mode of a new authorization server that names none',
    'DYNAMIC',
    'recorded in 2026; `ORG_URL` in 2021',
    async ({ made }) => ({ outcome: wordOf(textAt(made.server, 'issuerMode')) }),
  ),
  row(
    'rotation-mode',
    'rotation mode of a new authorization server that asks for `MANUAL`',
    'AUTO',
    'recorded',
    async ({ made }) => ({ outcome: wordOf(textAt(made.server, 'credentials', 'signing', 'rotationMode')) }),
    '`AUTO`, whatever is asked',
  ),
  row(
    'scope-defaults',
    'members of a new scope that were not written',
    'not answered',
    'recorded',
    async (bench) => {
      const { document } = await bench.manage('POST', `${serverOf(bench)}/scopes`, { name: 'probe.bare' })
      return { outcome: document['consent'] === undefined ? 'not answered' : 'answered' }
    },
    'not answered, but for `description`, `default` and `metadataPublish`',
  ),
  row(
    'rate-limit-headers',
    'limits of the rate in the headers',
    'given',
    'recorded',
    async (bench) => {
      const limit = (await bench.manage('GET', serverOf(bench))).header('x-rate-limit-limit')
      return limit === undefined ? { outcome: 'not given' } : { outcome: 'given', seen: limit }
    },
    '600 a minute in the headers; requests are refused on demand (fault `rate-limit`) or beyond the option `rateLimits`: 429 `E0000047`, `x-rate-limit-*`, no `Retry-After`',
  ),
  row(
    'list-limit',
    '`limit` at lists that are whole without it: scopes, hooks, hook keys, policies, rules',
    'paged',
    untold,
    async (bench) => {
      const { documents } = await bench.manage('GET', `${serverOf(bench)}/scopes?limit=1`)
      return { outcome: documents.length === 1 ? 'paged' : 'whole' }
    },
  ),
  row(
    'exactly-full-page',
    'a page that is exactly full',
    'has a next',
    untold,
    async (bench) => {
      const query = `q=${encodeURIComponent(bench.nameOf('').trim())}`
      const { documents } = await bench.manage('GET', `/api/v1/apps?${query}&limit=200`)
      if (documents.length === 0) throw new CommandError('nothing was found')
      const { hasNext } = await bench.manage('GET', `/api/v1/apps?${query}&limit=${documents.length}`)
      return { outcome: hasNext ? 'has a next' : 'is the last' }
    },
    'has a `next`, though that one may be empty',
  ),
  row(
    'log-filter-co',
    '`co` on `debugData.url` and `requestUri` in log filters',
    '400',
    'release note OKTA-388434',
    async (bench) => {
      const filter = encodeURIComponent('debugContext.debugData.url co "probe"')
      const { status } = await bench.manage('GET', `/api/v1/logs?limit=1&filter=${filter}`)
      return { outcome: String(status) }
    },
  ),
]

function row(
  id: FactId,
  question: string,
  assumed: string,
  source: string,
  observe: Ask,
  assumption: string = assumed,
): Question {
  return { id, area: 'management', question, assumed, assumption, source, maxTokens: 0, observe }
}

/** An org may have as many as it takes already. */
function idOfSpare({ document, code, status }: ManagementAnswer): string {
  const id = textAt(document, 'id')
  if (id === '') throw new CommandError(`nothing was made to be deleted: ${code ?? status}`)
  return id
}

function spareApp(bench: Bench, name: string): JsonObject {
  return serviceAppDocument({
    label: bench.nameOf(name),
    authentication: 'client_secret_basic',
    mark: bench.mark,
  })
}

/** Makes a rule that decides about nothing, and removes it. */
async function spareRule(
  bench: Bench,
  change: (rule: JsonObject) => JsonObject,
  observe: (answer: ManagementAnswer, path: string) => Observation | Promise<Observation>,
): Promise<Observation> {
  const path = rulePathOf(bench)
  const rules = path.slice(0, path.lastIndexOf('/'))
  const { document } = await bench.manage('GET', path)
  const { id: _, _links, created, lastUpdated, system, ...rule } = document
  const spare = { ...rule, name: bench.nameOf('spare'), status: 'INACTIVE', priority: 2 }
  const made = await bench.manage('POST', rules, change(spare))
  const own = `${rules}/${textAt(made.document, 'id')}`
  try {
    return await observe(made, own)
  } finally {
    if (made.status < 400) await bench.putBack('DELETE', own)
  }
}

async function whetherKept(
  bench: Bench,
  made: ManagementAnswer,
  path: string,
  at: readonly string[],
): Promise<Observation> {
  if (made.status >= 400) return { outcome: 'refused', seen: refusalOf(made, '').outcome }
  const { document } = await bench.manage('GET', path)
  return { outcome: memberAt(document, ...at) === undefined ? 'dropped' : 'kept' }
}

function refusalOf({ status, code }: ManagementAnswer, taken: string): Observation {
  return {
    outcome: status < 400 ? taken : [String(status), code].filter((part) => part !== undefined).join(' '),
  }
}

function wordOf(text: string): string {
  return /^[A-Z_]{1,40}$/.test(text) ? text : 'another'
}
