import { randomBytes } from 'node:crypto'
import type { Sandbox, SandboxOptions, Seed } from '@behalf/sandbox'
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

const registeredHook = 'http://127.0.0.1:9/inline-hook'

/**
 * Starts the org, on loopback. Its calls of the hook go to wherever the hook is at that moment.
 *
 * @throws UsageError when nobody can be API A in the org of the seed
 */
export async function startDevOrg(
  { port, hookAuthHeader, seed }: DevOrgOptions,
  hookUrl: () => string | undefined,
): Promise<DevOrg> {
  const { createSandbox, defaultOrg } = await import('@behalf/sandbox')
  const ownHook = { uri: registeredHook, secret: newSecret(), header: hookAuthHeader }
  // Where the org is, and how it is spoken to, is for `behalf sandbox` to follow.
  const {
    host: _host,
    baseUrl: _baseUrl,
    tls: _tls,
    ...org
  } = seed ?? {
    users: [...defaultOrg.users, { login: 'bob@example.com', name: 'Bob Brown', email: 'bob@example.com' }],
  }
  const hasHook = org.hook !== undefined || org.inlineHooks !== undefined
  let called = registeredHook
  const options: SandboxOptions = {
    ...org,
    port: port ?? org.port ?? 8090,
    ...(hasHook ? {} : { hook: ownHook }),
    fetch: (url, init) => fetch(url === called ? (hookUrl() ?? url) : url, init),
  }
  const sandbox = await createSandbox(options)
  try {
    const parties = findParties(sandbox)
    called = parties.hook.uri
    return { sandbox, ...parties }
  } catch (error) {
    await sandbox.close()
    throw error
  }
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
