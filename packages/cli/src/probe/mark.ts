import { randomBytes } from 'node:crypto'
import type { JsonObject } from '@behalf/core'
import { textAt } from '../okta/members.ts'
import { headersOf, markHeader } from '../provisioning/mark.ts'

/** With what the names of all that a probe makes begin. */
export const namePrefix = 'behalf probe'

/** Returns a new name for a run. */
export function newRunId(): string {
  return randomBytes(4).toString('hex')
}

/** Says what a run calls all that it makes. */
export function nameOfRun(runId: string): string {
  return `${namePrefix} ${runId}`
}

/** Returns the mark of a run. It goes to the description of its server, the profile of its app, a static header of its hook. */
export function markOfRun(runId: string): string {
  return `Made by behalf probe, run ${runId}`
}

const anyMark = /^Made by behalf probe, run ([0-9a-f]{8})$/

/**
 * Returns the run that has made a server, an app or a hook: name and mark must both say so. Undefined for what somebody else
 * has made.
 */
export function runThatMade(document: JsonObject): string | undefined {
  const name = textAt(document, 'name')
  const marks = [
    textAt(document, 'description'),
    textAt(document, 'profile', 'createdBy'),
    ...headersOf(document)
      .filter((header) => textAt(header, 'key').toLowerCase() === markHeader.toLowerCase())
      .map((header) => textAt(header, 'value')),
  ]
  const [, runId] = marks.map((mark) => anyMark.exec(mark)).find((match) => match !== null) ?? []
  const names = [name, textAt(document, 'label')]
  return runId !== undefined && names.some((each) => `${each} `.startsWith(`${nameOfRun(runId)} `))
    ? runId
    : undefined
}

/** Returns the run that has made a hook key: a name is all that such a key has. */
export function runThatMadeKey(document: JsonObject): string | undefined {
  return /^behalf probe ([0-9a-f]{8}) key$/.exec(textAt(document, 'name'))?.[1]
}
