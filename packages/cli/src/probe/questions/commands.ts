import type { Json, JsonObject } from '@behalf/core'
import type { HookAnswer } from '../question.ts'

/** Says that the hook answers with a document. */
export function answering(document: Json): HookAnswer {
  return { body: JSON.stringify(document) }
}

/** Says that the hook answers with operations on the access token. */
export function patching(...value: readonly JsonObject[]): HookAnswer {
  return answering({ commands: [{ type: 'com.okta.access.patch', value: [...value] }] })
}

/** Adds a claim. */
export function add(name: string, value: Json): JsonObject {
  return { op: 'add', path: `/claims/${name}`, value }
}

/** Replaces a claim. */
export function replace(name: string, value: Json): JsonObject {
  return { op: 'replace', path: `/claims/${name}`, value }
}

/** An audience, a subject and an actor that nobody has: RFC 6761 keeps `.invalid` free. */
export const nobody = {
  audience: 'https://api-b.probe.invalid',
  subject: 'somebody@probe.invalid',
  actor: 'api-a.probe.invalid',
} as const

/** A claim that nobody doubts, by which it shows whether an answer was taken. */
export const trace: { readonly name: string; readonly value: string; readonly answer: HookAnswer } = {
  name: 'probe_trace',
  value: 'taken',
  answer: patching(add('probe_trace', 'taken')),
}

/** Why nothing was found out, where Okta should have called. */
export const notCalled = 'the hook was not called'
