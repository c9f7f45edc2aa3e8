import type { App } from '../org/app.ts'
import type { Group } from '../org/group.ts'
import { isJsonObject, type Json } from '../org/json.ts'
import { emailOf, oidcNames, type User } from '../org/user.ts'

/** What an expression is evaluated for. */
export interface ExpressionSubject {
  readonly app: App
  /** Absent when a machine asks. */
  readonly user: User | undefined
  /** The user's. */
  readonly groups: readonly Group[]
  /** Absent when a machine asks. */
  readonly session: { readonly id: string; readonly amr: readonly string[] } | undefined
}

/** What attributes may belong to. Profiles of users in apps are no others than the users' own here. */
export const roots: ReadonlySet<string> = new Set(['user', 'appuser', 'app', 'session'])

/** Returns an attribute, or null where there is none. A root alone is whatever is not null. */
export function attributeAt([root = '', ...names]: readonly string[], subject: ExpressionSubject): Json {
  const { app, user, session } = subject
  switch (root) {
    case 'user':
    case 'appuser':
      return user === undefined ? null : descend(attributeOf(user, names[0]), names.slice(1))
    case 'app':
      return descend(appAttributes(app), names)
    case 'session':
      return session === undefined ? null : descend({ id: session.id, amr: [...session.amr] }, names)
    default:
      return null
  }
}

function attributeOf(user: User, name: string | undefined): Json {
  switch (name) {
    case undefined:
      return {}
    case 'login':
    case 'userName':
      return user.login
    case 'email':
      return emailOf(user) ?? null
    default:
      return own(user.profile, oidcNames.get(name) ?? name) ?? own(user.profile, name) ?? null
  }
}

function appAttributes({ clientId, label, document }: App): Json {
  const { profile = {} } = document
  return { id: clientId, clientId, name: 'oidc_client', label, profile }
}

function descend(value: Json, names: readonly string[]): Json {
  let found: Json = value
  for (const name of names) found = (isJsonObject(found) ? own(found, name) : undefined) ?? null
  return found
}

function own(members: Readonly<Record<string, Json | undefined>>, name: string): Json | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}
