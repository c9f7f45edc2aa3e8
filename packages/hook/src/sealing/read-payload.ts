import type { Denial, Result } from '@behalf/core'
import { decodeJsonBytes, deny, isNumericDate, pass, type SealedPayload } from '@behalf/core/internal'
import { hasExactly } from './parse-seal.ts'
import { readText } from './sealed-text.ts'

const members = ['assertion', 'aud', 'client_id', 'iat', 'jti']
const membersWithResource = [...members, 'resource'].toSorted()
const maxIdLength = 128

/**
 * Reads what was in a seal. Unknown members are refused: one that is not understood could be one that restricts.
 */
export function readPayload(plaintext: Uint8Array): Result<SealedPayload, Denial> {
  const payload = decodeJsonBytes(plaintext)
  if (payload === undefined) return invalid('what is in it is no JSON object')
  if (!hasExactly(payload, Object.hasOwn(payload, 'resource') ? membersWithResource : members))
    return invalid('what is in it lacks a member or has one too many')
  const { assertion, client_id, aud, resource, iat, jti } = payload
  if (typeof assertion !== 'string' || typeof client_id !== 'string' || typeof aud !== 'string')
    return invalid('its assertion, client_id or aud is no text')
  if (resource !== undefined && typeof resource !== 'string') return invalid('its resource is no text')
  if (!isNumericDate(iat)) return invalid('its iat is no time in whole seconds')
  if (typeof jti !== 'string' || jti === '' || jti.length > maxIdLength)
    return invalid(`its jti is not 1 to ${maxIdLength} characters`)
  if (readText(assertion) !== 'bare') return invalid('what is in it is encrypted itself')
  const known = { assertion, client_id, aud, iat, jti }
  return pass(resource === undefined ? known : { ...known, resource })
}

function invalid(detail: string): Result<never, Denial> {
  return deny('seal_invalid', detail)
}
