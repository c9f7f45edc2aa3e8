import type { JsonObject } from '@behalf/core'
import { serviceAppDocument } from '../okta/documents.ts'
import type { ManagementApi } from '../okta/management-api.ts'
import { textAt, textsAt } from '../okta/members.ts'
import { CommandError } from '../terminal/command.ts'
import { makerOf, markOf } from './mark.ts'
import type { Step } from './plan.ts'
import type { WantedState } from './wanted.ts'

const appsPath = '/api/v1/apps'

type WantedApp = NonNullable<WantedState['app']>

/** What an app step found out for the step of a rule of its own. */
export interface PlannedApp {
  readonly steps: readonly Step[]
  /** Absent while the app has yet to be made, or when none is wanted. */
  readonly clientId?: string
}

/** Creates the service app unless one of its name is there, which is left as it is. */
export async function planApp(
  api: ManagementApi,
  app: WantedApp | undefined,
  installation: string,
): Promise<PlannedApp> {
  if (app === undefined) return { steps: [] }
  const present = await findApp(api, app.label)
  const change = { kind: 'app', name: app.label } as const
  if (present !== undefined) {
    const clientId = textAt(present, 'credentials', 'oauthClient', 'client_id')
    requireService(present, app.label)
    return {
      steps: [{ change: { ...change, action: 'keep', details: [`client id ${clientId}`] } }],
      clientId,
    }
  }
  const create: Step = {
    change: { ...change, action: 'create', details: [`authenticates with ${app.authentication}`] },
    apply: async (_, made) => {
      const created = await api.post(appsPath, serviceAppDocument({ ...app, mark: markOf(installation) }))
      made.clientId = textAt(created, 'credentials', 'oauthClient', 'client_id')
      const secret = textAt(created, 'credentials', 'oauthClient', 'client_secret')
      if (secret !== '') made.clientSecret = secret
    },
  }
  return { steps: [create] }
}

/** Deactivates and deletes the service app if this installation has made it. */
export async function planAppRemoval(
  api: ManagementApi,
  label: string | undefined,
  installation: string,
): Promise<Step[]> {
  const present = label === undefined ? undefined : await findApp(api, label)
  if (present === undefined || label === undefined) return []
  const change = { kind: 'app', name: label } as const
  const mark = textAt(present, 'profile', 'createdBy')
  if (mark !== markOf(installation))
    return [{ change: { ...change, action: 'keep', details: [makerOf(mark)] } }]
  const path = `${appsPath}/${encodeURIComponent(textAt(present, 'id'))}`
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

/** An app of the name that cannot ask for machine tokens would make every exchange fail. */
function requireService(app: JsonObject, label: string): void {
  if (app['status'] === 'INACTIVE')
    throw new CommandError(`the app '${label}' is inactive; activate it, or choose another name with --app`)
  if (!textsAt(app, 'settings', 'oauthClient', 'grant_types').includes('client_credentials'))
    throw new CommandError(
      `the app '${label}' may not use client_credentials; allow it in the Admin Console, or choose another name with --app`,
    )
}

async function findApp(api: ManagementApi, label: string): Promise<JsonObject | undefined> {
  const [found, ...others] = (await api.list(`${appsPath}?q=${encodeURIComponent(label)}&limit=200`)).filter(
    (app) => app['label'] === label,
  )
  if (others.length > 0)
    throw new CommandError(`the org has several apps named '${label}'; choose another name with --app`)
  return found
}
