import type { JsonObject } from '@behalf/core'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt } from '../okta/members.ts'
import { CommandError } from '../terminal/command.ts'
import type { Step } from './plan.ts'
import { provisioningMark, type WantedState } from './wanted.ts'

const appsPath = '/api/v1/apps'

type WantedApp = NonNullable<WantedState['app']>

/** The service app is created unless one of its name is there, which is left as it is. */
export async function planApp(api: ManagementApi, app: WantedApp | undefined): Promise<Step[]> {
  if (app === undefined) return []
  const present = await findApp(api, app.label)
  const change = { kind: 'app', name: app.label } as const
  if (present !== undefined) {
    const details = [`client id ${textAt(present, 'credentials', 'oauthClient', 'client_id')}`]
    return [{ change: { ...change, action: 'keep', details } }]
  }
  return [
    {
      change: { ...change, action: 'create', details: [`authenticates with ${app.authentication}`] },
      apply: async (_, made) => {
        const created = await api.post(appsPath, documentOf(app))
        made.clientId = textAt(created, 'credentials', 'oauthClient', 'client_id')
        const secret = textAt(created, 'credentials', 'oauthClient', 'client_secret')
        if (secret !== '') made.clientSecret = secret
      },
    },
  ]
}

/** The service app is deactivated and deleted if provisioning has made it. */
export async function planAppRemoval(api: ManagementApi, label: string | undefined): Promise<Step[]> {
  const present = label === undefined ? undefined : await findApp(api, label)
  if (present === undefined || label === undefined) return []
  const change = { kind: 'app', name: label } as const
  if (textAt(present, 'profile', 'createdBy') !== provisioningMark) {
    return [{ change: { ...change, action: 'keep', details: ['somebody else has made it'] } }]
  }
  const path = `${appsPath}/${textAt(present, 'id')}`
  return [
    {
      change: { ...change, action: 'delete', details: [] },
      apply: async () => {
        if (present['status'] === 'ACTIVE') await api.post(`${path}/lifecycle/deactivate`)
        await api.delete(path)
      },
    },
  ]
}

async function findApp(api: ManagementApi, label: string): Promise<JsonObject | undefined> {
  const [found, ...others] = (await api.list(`${appsPath}?q=${encodeURIComponent(label)}`)).filter(
    (app) => app['label'] === label,
  )
  if (others.length > 0)
    throw new CommandError(`the org has several apps named '${label}'; choose another name with --app`)
  return found
}

function documentOf({ label, authentication, publicJwk }: WantedApp): JsonObject {
  return {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: authentication, autoKeyRotation: true } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        ...(publicJwk === undefined ? {} : { jwks: { keys: [publicJwk] } }),
      },
    },
    profile: { createdBy: provisioningMark },
  }
}
