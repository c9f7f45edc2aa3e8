import { randomBytes } from 'node:crypto'
import type { ExchangeWish, Sandbox, SandboxOptions, Seed } from '@behalf/sandbox'
import { hookVariables, type LayoutServer, layoutOf, resourceOf } from '../sandbox/layout.ts'
import { findMachine, type Machine } from '../sandbox/machine.ts'
import { type AttachedHook, attachedHook, summariseApp } from '../sandbox/summary.ts'
import { UsageError } from '../terminal/command.ts'

/** An org, and what the parties of an exchange have to know of it. */
export interface DevOrg {
  readonly sandbox: Sandbox
  /** The hook that is called for API A. */
  readonly hook: AttachedHook
  /** What the hook is told of the org. */
  readonly hookVariables: Readonly<Record<string, string>>
  /** API A, and a scope that it may have. */
  readonly apiA: Machine
  /** Where users sign in; its audience is API A. */
  readonly users: LayoutServer
  /** Where API A asks for delegated tokens. */
  readonly delegation: LayoutServer
  /** What API B calls itself. */
  readonly resource: string
}

/** What the org is to be. */
export interface DevOrgOptions {
  readonly port: number | undefined
  readonly hookAuthHeader: string
  /** Default: the org of `behalf sandbox`, and Bob. */
  readonly seed: Seed | undefined
}

/** Where the others are by now; they start after the org. */
export interface PlacesOfOthers {
  readonly hookUrl: () => string | undefined
  /** Where API A is asked for a user's orders. */
  readonly apiAUrl: () => string | undefined
}

const registeredHook = 'http://127.0.0.1:9/inline-hook'

/**
 * Starts the org, on loopback. Its calls of the hook go to wherever the hook is at that moment.
 *
 * @throws UsageError when nobody can be API A in the org of the seed
 */
export async function startDevOrg(
  { port, hookAuthHeader, seed }: DevOrgOptions,
  { hookUrl, apiAUrl }: PlacesOfOthers,
): Promise<DevOrg> {
  const { createSandbox, defaultOrg } = await import('@behalf/sandbox')
  const ownHook = { uri: registeredHook, secret: newSecret(), header: hookAuthHeader }
  // Where the org is, and how it is spoken to, is for `behalf sandbox` to follow.
  const {
    host: _host,
    baseUrl: _baseUrl,
    tls: _tls,
    ...seeded
  } = seed ?? {
    users: [...defaultOrg.users, { login: 'bob@example.com', name: 'Bob Brown', email: 'bob@example.com' }],
  }
  const hasHook = seeded.hook !== undefined || seeded.inlineHooks !== undefined
  let called = registeredHook
  let org: DevOrg | undefined
  const options: SandboxOptions = {
    ...seeded,
    port: port ?? seeded.port ?? 8090,
    ...(hasHook ? {} : { hook: ownHook }),
    fetch: (url, init) => fetch(movedTo(url, called, hookUrl()), init),
    async exchange(wish) {
      const url = apiAUrl()
      if (org === undefined || url === undefined || !isApiAs(wish, org)) return false
      await callApiA(url, await org.sandbox.userToken({ login: wish.login, server: org.users.id }))
      return true
    },
  }
  const sandbox = await createSandbox(options)
  try {
    const parties = findParties(sandbox)
    org = { sandbox, ...parties }
    called = parties.hook.uri
    return org
  } catch (error) {
    await sandbox.close()
    throw error
  }
}

/** What is at the hook's place, its published keys included, is wherever the hook is now. */
function movedTo(asked: Parameters<typeof fetch>[0], called: string, hookUrl: string | undefined) {
  if (hookUrl === undefined || typeof asked !== 'string' || !URL.canParse(asked)) return asked
  if (asked === called) return hookUrl
  const { origin, pathname, search } = new URL(asked)
  return origin === new URL(called).origin ? new URL(`${pathname}${search}`, hookUrl) : asked
}

/** Whether a wish is what API A asks for anyway. */
function isApiAs({ clientId, resource, scopes = [] }: ExchangeWish, org: DevOrg): boolean {
  return (
    clientId === org.apiA.app.clientId &&
    (resource === undefined || resource === org.resource) &&
    scopes.every((scope) => scope === org.apiA.scope)
  )
}

/** Lets API A act for a user. What it answers is in its own log. */
async function callApiA(url: string, token: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await answer.body?.cancel()
}

function findParties(sandbox: Sandbox): Omit<DevOrg, 'sandbox'> {
  const layout = layoutOf(sandbox.servers)
  if (layout === undefined)
    throw new UsageError('the seed has no server that people sign in at, or none for machines; add a rule')
  const hook = attachedHook(sandbox)
  if (hook === undefined)
    throw new UsageError(
      "the seed's rules call no hook for machines that a header authenticates; leave hook and inlineHooks out",
    )
  const apiA = findMachine(layout.delegation, sandbox.apps.map(summariseApp))
  if (apiA === undefined)
    throw new UsageError(
      `the seed has no service with a secret that gets a scope at ${layout.delegation.id}; add one: it is API A`,
    )
  const { users, delegation } = layout
  return {
    hook,
    hookVariables: hookVariables(layout),
    apiA,
    users,
    delegation,
    resource: resourceOf(layout),
  }
}

function newSecret(): string {
  return randomBytes(24).toString('base64url')
}
