import * as v from 'valibot'
import type { ConfigFault } from '../errors/config-error.ts'

/** One rule for every member of a section, so that the compiler asks for the rule of a member that has none. */
type Rules<Section> = { readonly [Name in keyof Section]-?: v.GenericSchema<Section[Name], unknown> }

/** What a section of the configuration must be, and what becomes of it. */
export interface SectionSchema<Section, Resolved> extends v.GenericSchema<Section, Resolved> {
  readonly entries: Rules<Section>
}

/** An object with rules for its members, of which every unknown one is a fault. */
export function section<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.SchemaWithPipe<
  readonly [
    v.StrictObjectSchema<Entries, undefined>,
    v.RawCheckAction<v.InferOutput<v.StrictObjectSchema<Entries, undefined>>>,
  ]
> {
  return v.pipe(
    v.strictObject(entries),
    // The schema itself stops at the first one.
    v.rawCheck(({ dataset, addIssue }) => {
      const first = dataset.issues?.find((issue) => isUnknownMember(issue) && issue.path?.length === 1)
      const [{ input, key: found } = {}] = first?.path ?? []
      if (typeof input !== 'object' || input === null) return
      for (const key in input)
        if (!Object.hasOwn(entries, key) && key !== found)
          addIssue({ message: unknownMember, path: [placeOf(input, key)] })
    }),
  )
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
      addIssue({ message: problem, path: [{ ...placeOf(dataset.value, path), type: 'unknown' }] })
  })
}

/** Says of all issues of a parse where they are and what is wrong, each once. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): readonly ConfigFault[] {
  const faults = issues.map((issue) => ({
    path: describePath(issue.path ?? []),
    problem: describeProblem(issue),
  }))
  // A number can break several rules that are worded as one.
  return faults.filter(
    ({ path, problem }, index) =>
      faults.findIndex((other) => other.path === path && other.problem === problem) === index,
  )
}

const unknownMember = 'is not a known setting'

function isUnknownMember({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never'
}

function describeProblem(issue: v.BaseIssue<unknown>): string {
  if (isUnknownMember(issue)) return unknownMember
  if (issue.type !== 'strict_object') return issue.message
  return issue.input === undefined ? 'is missing' : 'must be an object'
}

function placeOf(input: object, key: string): v.ObjectPathItem {
  return { type: 'object', origin: 'key', input: { ...input }, key, value: undefined }
}

function describePath(items: readonly v.IssuePathItem[]): string {
  const path = items.map(({ type, key }) => (type === 'unknown' ? `.${String(key)}` : pathStep(key))).join('')
  return path.replace(/^\./, '') || 'the configuration'
}

function pathStep(key: unknown): string {
  return typeof key === 'string' && /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
