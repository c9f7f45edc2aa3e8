import { invalid } from '../http/api-fault.ts'
import type { Json, JsonObject } from '../org/json.ts'
import { emailOf, oidcNames, type User } from '../org/user.ts'
import { link } from './link.ts'
import { requireObject, requireText } from './members.ts'

export const usersPath = '/api/v1/users'

const oktaNames = new Map([...oidcNames].map(([okta, oidc]) => [oidc, okta]))

/**
 * Reads the profile that an administrator wrote, under the names that OpenID Connect has for it.
 *
 * @throws ApiFault E0000001 that names the member
 */
export function parseProfile(
  body: JsonObject,
  previous?: User,
): { readonly login: string; readonly profile: Readonly<Record<string, Json>> } {
  const { login = previous?.login, ...written } = requireObject(body, 'profile')
  if (typeof login !== 'string' || login === '') throw invalid('login', 'The field cannot be left blank')
  if (previous === undefined)
    for (const name of ['email', 'firstName', 'lastName']) requireText(written, name)
  const changed = Object.entries(written).map(
    ([name, value]) => [oidcNames.get(name) ?? name, value] as const,
  )
  const merged = { ...previous?.profile, ...Object.fromEntries(changed) }
  return { login, profile: withoutNull(merged) }
}

function withoutNull(profile: JsonObject): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(profile).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, value] as const],
    ),
  )
}

/** Returns a user as Okta answers it. */
export function userDocument(user: User, url: string): JsonObject {
  const { id, login, status, created, lastUpdated, profile } = user
  const self = `${url}${usersPath}/${id}`
  const named = Object.entries(profile).map(([name, value]) => [oktaNames.get(name) ?? name, value] as const)
  return {
    id,
    status,
    created,
    activated: created,
    statusChanged: created,
    lastLogin: null,
    lastUpdated,
    passwordChanged: created,
    type: { id: 'otySandbox0000000001' },
    profile: {
      firstName: null,
      lastName: null,
      mobilePhone: null,
      secondEmail: null,
      ...Object.fromEntries(named),
      login,
      email: emailOf(user) ?? null,
    },
    credentials: { password: {}, provider: { type: 'OKTA', name: 'OKTA' } },
    _links: {
      self: link(self),
      suspend: link(`${self}/lifecycle/suspend`),
      deactivate: link(`${self}/lifecycle/deactivate`),
    },
  }
}
