import type { JsonObject } from '../org/json.ts'
import { emailOf, type User } from '../org/user.ts'

const claimsOfScope: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** Returns the claims about a user that the scopes entitle to; `sub` is the user's id. */
export function userClaims(user: User, scopes: readonly string[]): JsonObject {
  const email = emailOf(user)
  const attributes: JsonObject = {
    preferred_username: user.login,
    ...(email === undefined ? {} : { email, email_verified: true }),
    ...user.profile,
  }
  const names = new Set(scopes.flatMap((scope) => claimsOfScope[scope] ?? []))
  const granted = [...names].filter((name) => attributes[name] !== undefined)
  return { sub: user.id, ...Object.fromEntries(granted.map((name) => [name, attributes[name]])) }
}
