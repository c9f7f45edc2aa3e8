import { Buffer } from 'node:buffer'
import * as engine from '@cedar-policy/cedar-wasm/nodejs'
import type { ConfigFault } from '../../errors/config-error.ts'
import type { PolicyRule } from '../decision-point.ts'
import { type CedarAdvice, findAnnotationFaults, readAnnotations } from './annotations.ts'
import type { KnownEntities } from './entities.ts'
import { cedarSchema } from './schema.ts'
import type { SourceFile } from './source-file.ts'

/** One policy, with what its annotations say. */
export interface CedarRule extends PolicyRule, CedarAdvice {
  readonly text: string
  /** The same in Cedar's JSON format. */
  readonly json: engine.PolicyJson
  /** The file that it is in, and the line that it begins on. */
  readonly file: string
  readonly line: number
}

/** Policies that belong together, or what is wrong with them. */
export interface CedarPolicySet {
  /** By id, in the order of the files. */
  readonly rules: ReadonlyMap<string, CedarRule>
  readonly faults: readonly ConfigFault[]
  readonly warnings: readonly ConfigFault[]
}

/** Parses policies and holds them against the schema. It reports all that is wrong, with file, line and reason. */
export function parsePolicySet(files: readonly SourceFile[], entities: KnownEntities): CedarPolicySet {
  const rules = new Map<string, CedarRule>()
  const faults: ConfigFault[] = []
  for (const file of files) {
    // Of a file that is being written there is nothing for a moment, and with it go its forbids.
    if (file.text.trim() === '') faults.push({ path: file.name, problem: 'is empty' })
    const parts = engine.policySetTextToParts(file.text)
    if (parts.type === 'failure') {
      faults.push(...parts.errors.map((error) => describeSyntaxError(error, file)))
      continue
    }
    if (parts.policy_templates.length > 0)
      faults.push({ path: file.name, problem: 'has a template; only policies without slots are supported' })
    for (const rule of locate(parts.policies, file, entities)) {
      const earlier = rules.get(rule.id)
      if (earlier !== undefined)
        faults.push({ path: rule.place, problem: `has the same @id as ${earlier.place}: ${rule.id}` })
      const problems = findAnnotationFaults(rule.id, rule.effect, rule.json.annotations ?? {})
      faults.push(...problems.map((problem) => ({ path: rule.place, problem })))
      rules.set(rule.id, rule)
    }
  }
  const validation = engine.validate({
    schema: cedarSchema,
    policies: { staticPolicies: textsOf(rules) },
    validationSettings: { mode: 'strict' },
  })
  if (validation.type === 'failure') {
    faults.push(...validation.errors.map(({ message }) => ({ path: 'policies', problem: message })))
    return { rules, faults, warnings: [] }
  }
  const place = ({ policyId, error }: engine.ValidationError): ConfigFault => {
    const rule = rules.get(policyId)
    return rule === undefined
      ? { path: 'policies', problem: error.message }
      : describeError(error, rule.file, rule.text, rule.line)
  }
  return {
    rules,
    faults: [...faults, ...validation.validationErrors.map(place)],
    warnings: validation.validationWarnings.map(place),
  }
}

/** Returns the policies' texts by id, as the engine takes them. */
export function textsOf(rules: ReadonlyMap<string, CedarRule>): Record<string, string> {
  return Object.fromEntries([...rules].map(([id, { text }]) => [id, text]))
}

function locate(texts: readonly string[], file: SourceFile, entities: KnownEntities): readonly CedarRule[] {
  const taken: { readonly text: string; readonly start: number; readonly end: number }[] = []
  // The engine does not say where a policy stands. A short one can be part of a longer one, which goes first.
  for (const text of texts.toSorted((a, b) => b.length - a.length)) {
    let start = file.text.indexOf(text)
    const isTaken = (): boolean => taken.some((other) => start >= other.start && start < other.end)
    while (start !== -1 && isTaken()) start = file.text.indexOf(text, start + 1)
    taken.push({ text, start: Math.max(0, start), end: start + text.length })
  }
  return taken
    .toSorted((a, b) => a.start - b.start)
    .map(({ text, start }) => readRule(file, start, text, entities))
}

function readRule(file: SourceFile, offset: number, text: string, entities: KnownEntities): CedarRule {
  const parsed = engine.policyToJson(text)
  // The engine took this text apart itself a moment ago.
  if (parsed.type === 'failure') throw new TypeError('Cedar does not read the policy that it wrote')
  const { effect, annotations = {} } = parsed.json
  const line = lineAt(file.text, offset)
  const column = offset - file.text.lastIndexOf('\n', offset - 1)
  const place = `${file.name}:${line}`
  return {
    id: annotations['id'] ?? `${place}:${column}`.replaceAll(/[^\x21-\x7e]/g, '_').slice(-100),
    effect,
    place,
    text,
    json: parsed.json,
    file: file.name,
    line,
    ...readAnnotations(annotations),
    clients: entities.clientsNamedIn(parsed.json),
  }
}

/** What cannot be read, at its line and column. */
function describeSyntaxError(error: engine.DetailedError, { name, text }: SourceFile): ConfigFault {
  const before = textBefore(error, text)
  const column = before.length - before.lastIndexOf('\n')
  return { path: `${name}:${lineAt(before, before.length)}:${column}`, problem: wordsOf(error) }
}

/** What does not fit the schema, at its line. */
function describeError(
  error: engine.DetailedError,
  file: string,
  text: string,
  firstLine: number,
): ConfigFault {
  const before = textBefore(error, text)
  const line = firstLine - 1 + lineAt(before, before.length)
  return { path: `${file}:${line}`, problem: wordsOf(error) }
}

/** Cedar counts bytes. */
function textBefore({ sourceLocations }: engine.DetailedError, text: string): string {
  const [location] = sourceLocations ?? []
  return Buffer.from(text)
    .subarray(0, location?.start ?? 0)
    .toString()
}

/** In the words of Cedar. */
function wordsOf({ message, help, sourceLocations }: engine.DetailedError): string {
  const hints = [sourceLocations?.[0]?.label, help].filter((hint) => typeof hint === 'string')
  return [message, ...hints].join('; ')
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
