import type { Json } from '@behalf/core'
import type { Output } from './command.ts'

/** Prints a document for programs, on one line or, for people as well, indented. */
export function printJson({ print }: Output, document: object | Json, indent?: number): void {
  // A line end inside a text is an escape already, so that these are between members.
  for (const line of JSON.stringify(document, undefined, indent).split('\n')) print(line)
}
