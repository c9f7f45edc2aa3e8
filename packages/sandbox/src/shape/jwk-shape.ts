import type { PublicJwk } from '../org/app.ts'
import type { PrivateJwk } from '../org/signing-key.ts'
import { json } from './json-shape.ts'
import { oneOf, openObject, type Shape, text } from './shape.ts'

/** A private RSA key; whether its numbers make a key shows when it is used. */
export const privateJwk: Shape<PrivateJwk> = openObject({ kty: oneOf('RSA') }, json)

/** A public key. */
export const publicJwk: Shape<PublicJwk> = openObject({ kty: text }, json)
