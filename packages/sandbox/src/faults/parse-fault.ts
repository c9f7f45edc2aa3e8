import * as v from 'valibot'
import { check } from '../shape/check.ts'
import { either, object, oneOf, type Shape, text, wholeNumber } from '../shape/shape.ts'
import type { Fault } from './fault.ts'

const maxDelayMs = 3_600_000
/** A hundred years: what is further away is no time that a date can express with ease. */
const maxSkewSeconds = 3_155_760_000

const shapes: { readonly [Kind in Fault['kind']]: Shape<Extract<Fault, { kind: Kind }>> } = {
  'hook-unreachable': object({ kind: oneOf('hook-unreachable') }),
  'hook-slow': object({ kind: oneOf('hook-slow'), delayMs: wholeNumber(0, maxDelayMs) }),
  'hook-status': object({ kind: oneOf('hook-status'), status: wholeNumber(200, 599) }),
  'rate-limit': object({
    kind: oneOf('rate-limit'),
    endpoint: v.optional(oneOf('token', 'management'), 'token'),
  }),
  'clock-skew': object({
    kind: oneOf('clock-skew'),
    seconds: wholeNumber(-maxSkewSeconds, maxSkewSeconds),
  }),
  'key-rotation': object({ kind: oneOf('key-rotation'), serverId: text }),
  'keys-withdrawn': object({ kind: oneOf('keys-withdrawn'), serverId: text }),
  'encrypted-access-tokens': object({ kind: oneOf('encrypted-access-tokens') }),
  'client-envelope': object({ kind: oneOf('client-envelope') }),
  'client-revoked': object({ kind: oneOf('client-revoked'), clientId: text }),
}

const kindExpected = `expected one of ${Object.keys(shapes).join(', ')}`
const unknownKind = v.looseObject({ kind: v.picklist([], kindExpected) }, kindExpected)

const fault = either<Fault>((value) => {
  const { kind } = Object(value)
  return Object.hasOwn(shapes, kind) ? shapes[kind as Fault['kind']] : unknownKind
})

/**
 * Reads a fault: its `kind` and the parameters that the catalogue names, no others.
 *
 * @throws TypeError naming every fault of it
 */
export function parseFault(document: unknown): Fault {
  return check(fault, document, 'this is no fault')
}
