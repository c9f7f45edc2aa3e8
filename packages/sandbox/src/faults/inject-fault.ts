import type { Org } from '../org/org.ts'
import type { Fault } from './fault.ts'

/**
 * Brings a fault about, with the System Log event that Okta would write.
 *
 * @returns the id under which it can be cleared
 * @throws TypeError when it names a server or a client that the org does not have
 */
export async function injectFault(org: Org, fault: Fault): Promise<string> {
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
export function clearFaults(org: Org, id?: string): void {
  for (const fault of org.faults.clear(id)) {
    if (fault.kind !== 'client-revoked') continue
    setAppStatus(org, fault.clientId, 'ACTIVE')
    write(org, 'application.lifecycle.activate', 'Activate application', fault.clientId)
  }
}

function serverOf(org: Org, id: string): NonNullable<ReturnType<Org['authorizationServers']['get']>> {
  const server = org.authorizationServers.get(id)
  if (server === undefined) throw new TypeError(`serverId: the org has no authorization server '${id}'`)
  return server
}

function setAppStatus(org: Org, clientId: string, status: 'ACTIVE' | 'INACTIVE'): void {
  const app = org.apps.get(clientId)
  if (app === undefined) throw new TypeError(`clientId: the org has no app '${clientId}'`)
  org.apps.set(clientId, { ...app, status })
}

function write(org: Org, eventType: string, displayMessage: string, id: string): void {
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
