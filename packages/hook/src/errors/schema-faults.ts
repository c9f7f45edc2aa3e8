import * as v from 'valibot'
import type { ConfigFault } from './config-error.ts'

/** Returns an object with rules for its members, of which every unknown one is a fault. */
export function closedObject<const Entries extends v.ObjectEntries>(
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

/** Says what is wrong, without the value. */
export function describeProblem(issue: v.BaseIssue<unknown>): string {
  if (isUnknownMember(issue)) return unknownMember
  if (issue.type !== 'strict_object') return issue.message
  return issue.input === undefined ? 'is missing' : 'must be an object'
}

function placeOf(input: object, key: string): v.ObjectPathItem {
  return { type: 'object', origin: 'key', input: { ...input }, key, value: undefined }
}

/** Returns the place of a fault whose path inside `input` is known as a text only. */
export function placeAt(input: object, path: string): v.UnknownPathItem {
  return { ...placeOf(input, path), type: 'unknown' }
}

function describePath(items: readonly v.IssuePathItem[]): string {
  const steps = items.map(({ type, key }) => (type === 'unknown' ? `.${String(key)}` : pathStep(key)))
  return steps.join('').replace(/^\./, '') || 'the configuration'
}

function pathStep(key: unknown): string {
  return typeof key === 'string' && /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
