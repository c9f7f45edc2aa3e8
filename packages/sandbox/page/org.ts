import type { FaultDescription, SandboxHook, SandboxServer } from '@behalf/sandbox'
import { useEffect, useState } from 'preact/hooks'
import { ask } from './api.ts'

/** An app as the page shows it. */
export interface OrgApp {
  readonly clientId: string
  readonly label: string
  readonly type: 'spa' | 'web' | 'native' | 'service'
  readonly authentication: string
  /** Only on the machine that the sandbox runs on. */
  readonly clientSecret?: string
  readonly redirectUris?: readonly string[]
  readonly status: 'ACTIVE' | 'INACTIVE'
}

/** What the page shows of the org. */
export interface Org {
  readonly url: string
  /** Ids of the servers that are for these, if any. */
  readonly usersServer?: string
  readonly delegationServer?: string
  readonly servers: readonly SandboxServer[]
  readonly users: readonly { readonly login: string; readonly name?: string }[]
  readonly apps: readonly OrgApp[]
  readonly hooks: readonly SandboxHook[]
  readonly faultKinds: readonly FaultDescription[]
}

/** Asks once, and again whenever the page is returned to. @param resets - grows when the org was reset */
export function useOrg(resets: number): Org | undefined {
  const [org, setOrg] = useState<Org>()
  useEffect(() => {
    const load = (): void => void ask<Org>('GET', '/org').then(setOrg, () => undefined)
    load()
    window.addEventListener('focus', load)
    return () => window.removeEventListener('focus', load)
  }, [resets])
  return org
}

/** The server that machines get delegated tokens from. */
export function delegationServer({ servers, delegationServer: id }: Org): SandboxServer | undefined {
  return servers.find((server) => server.id === id)
}

/** The server that people sign in at. */
export function usersServer({ servers, usersServer: id }: Org): SandboxServer | undefined {
  return servers.find((server) => server.id === id)
}

/** What people call a client. */
export function nameOf(org: Org | undefined, clientId: string): string {
  return org?.apps.find((app) => app.clientId === clientId)?.label ?? clientId
}
