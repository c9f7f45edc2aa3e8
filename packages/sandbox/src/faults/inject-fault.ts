import type { LiveOrg } from '../live-org.ts'
import type { Fault } from './fault.ts'
import { parseFault } from './parse-fault.ts'

/**
 * Brings a fault about, with the System Log event that Okta would write.
 *
 * @returns the id under which it can be cleared
 * @throws TypeError when it is no fault, or names a server or a client that the org does not have
 */
export async function injectFault(org: LiveOrg, asked: Fault): Promise<string> {
  const fault = parseFault(asked)
  switch (fault.kind) {
    case 'key-rotation': {
      const { keys } = serverOf(org, fault.serverId)
      await keys.rotate()
      keys.withdraw()
      write(org, 'app.oauth2.as.key.rollover', 'Rotate the keys of an authorization server', fault.serverId)
      break
    }
    case 'keys-withdrawn':
      serverOf(org, fault.serverId)
      break
    case 'client-revoked':
      setAppStatus(org, fault.clientId, 'INACTIVE')
      write(org, 'application.lifecycle.deactivate', 'Deactivate application', fault.clientId)
      break
    default:
  }
  return org.faults.inject(fault)
}

/** Ends one fault, or all. A rotated key stays: there is no way back from a rotation. */
export function clearFaults(org: LiveOrg, id?: string): void {
  for (const fault of org.faults.clear(id)) {
    if (fault.kind !== 'client-revoked') continue
    setAppStatus(org, fault.clientId, 'ACTIVE')
    write(org, 'application.lifecycle.activate', 'Activate application', fault.clientId)
  }
}

function serverOf(org: LiveOrg, id: string): NonNullable<ReturnType<LiveOrg['authorizationServers']['get']>> {
  const server = org.authorizationServers.get(id)
  if (server === undefined) throw new TypeError(`serverId: the org has no authorization server '${id}'`)
  return server
}

function setAppStatus(org: LiveOrg, clientId: string, status: 'ACTIVE' | 'INACTIVE'): void {
  const app = org.apps.get(clientId)
  if (app === undefined) throw new TypeError(`clientId: the org has no app '${clientId}'`)
  org.apps.set(clientId, { ...app, status })
}

function write(org: LiveOrg, eventType: string, displayMessage: string, id: string): void {
  org.systemLog.write({
    eventType,
    displayMessage,
    severity: 'INFO',
    outcome: { result: 'SUCCESS' },
    actor: { id: 'sandbox', type: 'SystemPrincipal', displayName: 'Sandbox' },
    target: [{ id, type: 'AppInstance', displayName: id }],
    debugData: {},
  })
}
