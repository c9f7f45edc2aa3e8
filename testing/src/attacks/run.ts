import type { ApiTrust, Attack, Category } from './attack.ts'
import { judgeHook } from './judge.ts'
import { judgeSidecar } from './judge-sidecar.ts'
import {
  mixedAlgorithms,
  orders,
  partnerPrefix,
  type Setup,
  type SidecarSetup,
  smallMemory,
} from './setup.ts'
import type { ApiReply, ApiTarget, HookReply, HookTarget, HookUnderAttack, SidecarTarget } from './target.ts'
import { World } from './world.ts'

/** What came of one attack on one target. */
export interface AttackResult {
  readonly category: string
  readonly attack: Attack
  readonly target: string
  /** What was found instead of what is expected; undefined when the target held. */
  readonly complaint: string | undefined
}

/** What is attacked. */
export interface Targets {
  readonly hooks: readonly HookTarget[]
  readonly apis: readonly ApiTarget[]
  /** Default none. */
  readonly sidecars?: readonly SidecarTarget[]
}

/**
 * Runs a catalogue against targets. Every attack is made once and sent to every target that can be given its
 * form; at the end nobody may have called the trap or written into the prototypes of objects.
 */
export async function runAttacks(
  catalogue: readonly Category[],
  targets: Targets,
): Promise<readonly AttackResult[]> {
  await using world = await World.start()
  const results: AttackResult[] = []
  for (const setup of setups) {
    results.push(...(await attackHooks(catalogue, setup, targets.hooks, world)))
  }
  for (const target of targets.apis) results.push(...(await attackApi(catalogue, target, world)))
  for (const target of targets.sidecars ?? [])
    for (const setup of ['loopback', 'secrets', 'nginx', 'caddy', 'envoy'] as const)
      results.push(...(await attackSidecar(catalogue, setup, target, world)))
  results.push(...aftermath(world))
  return results
}

async function attackHooks(
  catalogue: readonly Category[],
  setup: Setup,
  targets: readonly HookTarget[],
  world: World,
): Promise<readonly AttackResult[]> {
  await using hooks = new AsyncDisposableStack()
  const started: (readonly [target: string, hook: HookUnderAttack])[] = []
  for (const target of targets) {
    const hook = await target.start(world.setup(setup))
    if (hook !== undefined) started.push([target.name, hooks.use(hook)])
  }
  const results: AttackResult[] = []
  for (const { name: category, attacks } of catalogue) {
    for (const attack of attacks) {
      if ((attack.setup ?? 'default') !== setup) continue
      const sent = attack.call?.(world)
      for (const [target, hook] of started) {
        const reply = sent === undefined ? bytesOrEvent(attack, hook, world) : hook.call?.(sent)
        if (reply === undefined) continue
        const complaint = await reply.then(
          (answer) => judgeHook(attack, answer, sent, world),
          (error: unknown) => `it threw ${String(error)}`,
        )
        results.push({ category, attack, target, complaint })
      }
    }
  }
  return results
}

function bytesOrEvent(attack: Attack, hook: HookUnderAttack, world: World): Promise<HookReply> | undefined {
  if (attack.wire !== undefined) return hook.wire?.(attack.wire(world))
  return attack.event === undefined ? undefined : hook.invoke?.(attack.event(world))
}

async function attackApi(
  catalogue: readonly Category[],
  target: ApiTarget,
  world: World,
): Promise<readonly AttackResult[]> {
  const { okta, mixed, delegating, partner, renewing } = world
  const apiB = { accept: 'delegated', audience: 'api://b', algorithms: ['RS256'] } as const
  const verify: Readonly<Record<ApiTrust, (token: string) => Promise<ApiReply>>> = {
    okta: target.create({ ...apiB, issuer: okta.issuer }),
    mixed: target.create({ ...apiB, issuer: mixed.issuer, algorithms: mixedAlgorithms }),
    memory: target.create({ ...apiB, issuer: okta.issuer, verifiedTokens: smallMemory }),
    renewing: target.create({ ...apiB, issuer: renewing.issuer }),
    chains: target.create({
      ...apiB,
      issuer: delegating.issuer,
      audience: orders,
      assertionIssuers: {
        [okta.issuer]: {},
        [partner.issuer]: { subject: { prefix: partnerPrefix } },
      },
    }),
    users: target.create({ ...apiB, accept: 'user', issuer: okta.issuer, audience: 'api://a' }),
    revoking: target.create({
      ...apiB,
      issuer: delegating.issuer,
      assertionIssuers: {
        [okta.issuer]: { org: 'example' },
        [partner.issuer]: { org: 'partner', subject: { prefix: partnerPrefix } },
      },
      cutOffs: [{ org: 'example', uid: '00uAnn', atSeconds: world.cutOffSeconds }],
    }),
  }
  const results: AttackResult[] = []
  for (const { name: category, attacks } of catalogue) {
    for (const attack of attacks) {
      if (attack.token === undefined) continue
      const found = await verify[attack.apiTrusts ?? 'okta'](attack.token(world))
      const complaint = found === attack.expect.api ? undefined : found
      results.push({ category, attack, target: target.name, complaint })
    }
  }
  return results
}

async function attackSidecar(
  catalogue: readonly Category[],
  setup: SidecarSetup,
  target: SidecarTarget,
  world: World,
): Promise<readonly AttackResult[]> {
  await using sidecar = await target.start(setup, world)
  const results: AttackResult[] = []
  for (const { name: category, attacks } of catalogue) {
    for (const attack of attacks) {
      if (attack.sidecar === undefined || (attack.sidecarSetup ?? 'loopback') !== setup) continue
      const askedBefore = sidecar.asked()
      const reply = await sidecar.wire(attack.sidecar(world, sidecar.host))
      const complaint = judgeSidecar(attack, reply, sidecar.asked() > askedBefore)
      results.push({ category, attack, target: target.name, complaint })
    }
  }
  return results
}

/** What must hold after all attacks together. */
function aftermath(world: World): readonly AttackResult[] {
  const check = (id: string, description: string, complaint: string | undefined): AttackResult => ({
    category: 'aftermath',
    attack: { id, threat: 'T24', description, expect: {} },
    target: 'all',
    complaint,
  })
  const polluted = Object.getOwnPropertyNames(Object.prototype).length !== memberCount
  return [
    check(
      'trap',
      'no address was taken from a token or a request',
      world.trapped === 0 ? undefined : 'the trap was called',
    ),
    check(
      'prototypes',
      'no prototype was written to',
      polluted ? 'Object.prototype has new members' : undefined,
    ),
  ]
}

/** Every configuration of the hook. */
const setups: readonly Setup[] = [
  'default',
  'passing',
  'bearer',
  'rotating',
  'resources',
  'sealing',
  'revocation',
  'memory',
]
/** How many members `Object.prototype` has in the language. */
const memberCount = 12
