import type { IncomingMessage } from 'node:http'
import { BlockList } from 'node:net'
import { faultCatalogue } from '../faults/fault.ts'
import type { LiveOrg } from '../live-org.ts'
import { describeApp, describeHooks, describeServer } from '../options/sandbox-description.ts'
import type { AppOptions } from '../options/sandbox-options.ts'
import type { JsonObject } from '../org/json.ts'
import { layoutOf } from './layout.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Says what the page shows of an org. Secrets of apps are for this machine only. */
export function summariseOrg(org: LiveOrg, { socket }: IncomingMessage): object {
  const { users, delegation } = layoutOf(org)
  const isNear = isLoopback(socket.remoteAddress ?? '')
  return {
    url: org.url,
    usersServer: users?.id,
    delegationServer: delegation?.id,
    servers: [...org.authorizationServers.values()].map(describeServer),
    users: [...org.users.values()].map(({ login, profile }) => ({
      login,
      ...(typeof profile['name'] === 'string' ? { name: profile['name'] } : {}),
    })),
    apps: [...org.apps.values()].map((app) => ({
      ...summariseApp(describeApp(app), isNear),
      status: app.status,
    })),
    hooks: describeHooks(org),
    faultKinds: faultCatalogue,
  }
}

function summariseApp(app: AppOptions, isNear: boolean): JsonObject {
  const { clientId, type, label = clientId } = app
  const auth = 'auth' in app ? app.auth : undefined
  return {
    clientId,
    label,
    type,
    authentication: auth?.method ?? 'none',
    ...(isNear && auth !== undefined && auth.method !== 'private_key_jwt'
      ? { clientSecret: auth.clientSecret }
      : {}),
    ...('redirectUris' in app ? { redirectUris: [...app.redirectUris] } : {}),
  }
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return loopback.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4')
}
