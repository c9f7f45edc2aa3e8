import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'
import { placeAt } from '../errors/schema-faults.ts'

/** One rule for every member of a section, so that the compiler asks for the rule of a member that has none. */
type Rules<Section> = { readonly [Name in keyof Section]-?: v.GenericSchema<Section[Name], unknown> }

/** What a section of the configuration must be, and what becomes of it. */
export interface SectionSchema<Section, Resolved> extends v.GenericSchema<Section, Resolved> {
  readonly entries: Rules<Section>
}

/**
 * Checks how parts of a section fit each other, once each of them is what it must be, whatever is wrong with others.
 *
 * @param find - returns the faults; their paths are relative to the section
 */
export function relation<Section extends object, Part extends keyof Section>(
  parts: readonly Part[],
  find: (sound: Pick<Section, Part>) => readonly ConfigFault[],
): v.RawCheckAction<Section> {
  return v.rawCheck(({ dataset, addIssue }) => {
    const isFaulty = dataset.issues?.some(({ path }) => {
      const [place] = path ?? []
      return place === undefined || parts.some((part) => part === place.key)
    })
    const isSound = (value: unknown): value is Pick<Section, Part> => value !== undefined && !isFaulty
    if (!isSound(dataset.value)) return
    for (const { path, problem } of find(dataset.value))
      addIssue({ message: problem, path: [placeAt(dataset.value, path)] })
  })
}
