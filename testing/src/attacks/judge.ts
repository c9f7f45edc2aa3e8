import type { Attack, DelegatedClaims, HookCall } from './attack.ts'
import { partnerPrefix } from './setup.ts'
import type { HookReply } from './target.ts'
import type { World } from './world.ts'

/** What was found, when it is not what must be; undefined when it is. */
export type Complaint = string | undefined

/** Judges what a hook answered to an attack. */
export function judgeHook(
  attack: Attack,
  reply: HookReply,
  sent: HookCall | undefined,
  world: World,
): Complaint {
  const { hook: expected } = attack.expect
  if (expected === undefined) return 'the attack expects nothing of a hook'
  if (reply === 'closed') return 'the connection was closed'
  if (typeof expected === 'number') return reply.status === expected ? undefined : `status ${reply.status}`
  if (reply.status !== 200) return `status ${reply.status}`
  if (!/^application\/json\b/.test(String(reply.headers['content-type'])))
    return 'the answer is not declared as JSON'
  if (reply.body.includes(world.secret)) return 'the answer shows the secret'
  const answer = parse(reply.body)
  if (answer === undefined) return 'the answer is no JSON object'
  const outcome = outcomeOf(answer)
  if (outcome !== expected) return outcome
  return expected === 'permit' ? judgePermit(attack, answer, sent, world) : undefined
}

type Answer = Readonly<Record<string, unknown>>

function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function outcomeOf({ commands, error }: Answer): string {
  if (error !== undefined) {
    if (commands !== undefined) return 'an error and commands at once'
    const summary = isObject(error) ? error['errorSummary'] : undefined
    return typeof summary === 'string' ? summary.slice(0, summary.indexOf(':')) : 'an error without a summary'
  }
  if (!Array.isArray(commands)) return 'neither commands nor an error'
  return commands.length === 0 ? 'unchanged' : 'permit'
}

const dangerous = /"(__proto__|constructor|prototype)":/

/** What must hold of every permit, whatever was sent: Okta applies it, and nothing but the delegation changes. */
function judgePermit(attack: Attack, answer: Answer, sent: HookCall | undefined, world: World): Complaint {
  const [command, ...others] = Array.isArray(answer['commands']) ? answer['commands'] : []
  if (others.length > 0 || !isObject(command) || command['type'] !== 'com.okta.access.patch')
    return 'not one access patch'
  const operations: unknown = command['value']
  if (!Array.isArray(operations)) return 'a patch without operations'
  const values = new Map<unknown, unknown>()
  for (const operation of operations) {
    if (!isObject(operation)) return 'an operation that is no object'
    if (values.has(operation['path'])) return 'two operations with one path'
    values.set(operation['path'], operation['value'])
  }
  const paths = [...values.keys()].filter((path) => path !== lifetime).map(String)
  // Where resources are configured the audience is always replaced, and elsewhere never.
  const expected = `/claims/act /claims/assertion${attack.setup === 'resources' ? ' /claims/aud' : ''} /claims/sub`
  if (paths.toSorted().join(' ') !== expected) return `paths ${paths.join(' ')}`
  if (dangerous.test(JSON.stringify(operations))) return 'a dangerous name'
  const delegated: DelegatedClaims = {
    aud: values.get('/claims/aud'),
    sub: values.get('/claims/sub'),
    act: values.get('/claims/act'),
    assertion: values.get('/claims/assertion'),
    lifetimeSeconds: values.get(lifetime),
  }
  return judgeDelegated(delegated, sent, world) ?? attack.inspect?.(delegated)
}

const lifetime = '/token/lifetime/expiration'

function judgeDelegated(
  { sub, act, assertion, lifetimeSeconds }: DelegatedClaims,
  sent: HookCall | undefined,
  { partner }: World,
): Complaint {
  if (typeof sub !== 'string' || !isObject(act) || !isObject(assertion)) return 'a value of wrong type'
  const prefix = assertion['iss'] === partner.issuer ? partnerPrefix : ''
  if (sub !== `${prefix}${assertion['sub']}`) return 'sub is not the assertion\u2019s'
  const { iss: server, sub: client, sub_profile: profile, act: prior, ...more } = act
  if (server !== undefined && typeof server !== 'string') return 'a wrong actor'
  if (profile !== 'service' || client === sub || Object.keys(more).length > 0) return 'a wrong actor'
  if (prior !== undefined && !isObject(prior)) return 'a wrong prior actor'
  const event = sent === undefined ? undefined : parse(String(sent.body))
  if (event === undefined) return undefined
  if (!JSON.stringify(event).includes(JSON.stringify(client)))
    return 'an actor that the request does not name'
  if (lifetimeSeconds === undefined) return undefined
  const before = Number(/"expiration":([\d.]+)/.exec(String(sent?.body).replaceAll(/\s/g, ''))?.[1])
  return typeof lifetimeSeconds === 'number' && lifetimeSeconds >= 300 && lifetimeSeconds < before
    ? undefined
    : 'a lifetime that is too short for Okta, or longer than before'
}
