import type { JsonObject } from '../org/json.ts'
import { type Fault, faultCatalogue } from './fault.ts'

/**
 * Reads a fault from JSON: its `kind` and the parameters that the catalogue names, no others.
 *
 * @throws TypeError that says what is expected
 */
export function parseFault(document: JsonObject): Fault {
  const description = faultCatalogue.find(({ kind }) => kind === document['kind'])
  if (description === undefined) {
    throw new TypeError(`kind: expected one of ${faultCatalogue.map(({ kind }) => kind).join(', ')}`)
  }
  const unknown = Object.keys(document).find(
    (name) => name !== 'kind' && !Object.hasOwn(description.parameters, name),
  )
  if (unknown !== undefined) throw new TypeError(`${description.kind} takes no such parameter`)
  const number = (name: string): number => {
    const value = document[name]
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw new TypeError(`${name}: expected a number`)
  }
  const text = (name: string): string => {
    const value = document[name]
    if (typeof value === 'string' && value !== '') return value
    throw new TypeError(`${name}: expected a text`)
  }
  switch (description.kind) {
    case 'hook-slow':
      return { kind: description.kind, delayMs: number('delayMs') }
    case 'hook-status': {
      const status = number('status')
      if (Number.isInteger(status) && status >= 200 && status <= 599)
        return { kind: description.kind, status }
      throw new TypeError('status: expected an HTTP status from 200 to 599')
    }
    case 'rate-limit': {
      const endpoint = document['endpoint'] ?? 'token'
      if (endpoint === 'token' || endpoint === 'management') return { kind: description.kind, endpoint }
      throw new TypeError('endpoint: expected token or management')
    }
    case 'clock-skew':
      return { kind: description.kind, seconds: number('seconds') }
    case 'key-rotation':
    case 'keys-withdrawn':
      return { kind: description.kind, serverId: text('serverId') }
    case 'client-revoked':
      return { kind: description.kind, clientId: text('clientId') }
    case 'hook-unreachable':
    case 'encrypted-access-tokens':
      return { kind: description.kind }
  }
}
