import { randomUUID } from 'node:crypto'
import * as engine from '@cedar-policy/cedar-wasm/nodejs'
import * as v from 'valibot'
import type { ConfigFault } from '../../errors/config-error.ts'
import type { DecisionPoint, PolicyReload } from '../decision-point.ts'
import { findOptionFaults } from '../option-faults.ts'
import { PolicyUnavailable } from '../policy-unavailable.ts'
import { type CedarInForce, decideWithCedar } from './decide.ts'
import { KnownEntities, parseEntities } from './entities.ts'
import { localTimeIn } from './local-time.ts'
import { type CedarPolicySet, parsePolicySet, textsOf } from './policy-set.ts'
import type { Naming } from './question.ts'
import { pathOf, readSourceFiles, type SourceFile } from './source-file.ts'

export { cedarSchema } from './schema.ts'

/** Where Cedar policies are, and how what they name is called. */
export interface CedarOptions {
  /** Files, or folders of which the files ending in `.cedar` are read; paths are relative to the working directory. */
  readonly policies?: string | URL | readonly (string | URL)[]
  /** Policies as texts by a name for messages, where there are no files, e.g. in a bundle. */
  readonly texts?: Readonly<Record<string, string>>
  /** A JSON file of entities: which clients, APIs and groups belong to which groups. */
  readonly entities?: string | URL
  /** The claim of the assertion that lists the user's groups; `groups` by default. */
  readonly groupsClaim?: string
  /** Short names of issuers, for the ids of users and groups: `{ 'https://example.okta.com/oauth2/default': 'okta' }`. */
  readonly issuerNames?: Readonly<Record<string, string>>
  /** The time zone of `context.request.local`, e.g. `Europe/Berlin`; `UTC` by default. */
  readonly timeZone?: string
}

/**
 * A decision point of embedded Cedar policies, read and parsed once, here. Any fault is kept in `faults`, with
 * file, line and reason, and `createHook` refuses to start with it. A policy that fails during a decision
 * makes it no decision (`policy_unavailable`), because Cedar itself would skip a forbid that fails.
 *
 * The annotations `@id` and `@reason` name a policy in the decision record and say to the client why it is
 * forbidden; `@lifetimeSeconds` and `@assertionClaims` of the permits that apply narrow the token. When only
 * some scopes are to blame for a denial, it names them. It needs the peer dependency
 * `@cedar-policy/cedar-wasm`, which is loaded with this module and with no other.
 *
 * @example
 * ```ts
 * import { defineConfig } from '@behalf/hook'
 * import { cedar } from '@behalf/hook/cedar'
 *
 * export default defineConfig({
 *   authenticate: { secrets: [process.env['HOOK_SECRET']] },
 *   issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
 *   clients: 'any',
 *   policy: cedar({
 *     policies: 'policies',
 *     issuerNames: { 'https://example.okta.com/oauth2/default': 'okta' },
 *   }),
 * })
 * ```
 * @see https://docs.cedarpolicy.com
 */
export function cedar(options: CedarOptions): DecisionPoint {
  const misused = findOptionFaults(optionsSchema, options)
  if (misused.length > 0) return new FaultyPoint(misused)
  const { naming, faults } = readNaming(options)
  const places = [options.policies ?? []].flat()
  // The engine keeps parsed policies under a name of their own until the name is used again.
  const name = randomUUID()
  let current: CedarInForce & { readonly set: CedarPolicySet; readonly faults: readonly ConfigFault[] } = {
    name,
    naming,
    ...read(options, places),
  }
  const putIntoForce = (set: CedarPolicySet): void => {
    const parsed = engine.preparsePolicySet(name, { staticPolicies: textsOf(set.rules) })
    if (parsed.type === 'failure') throw new TypeError('Cedar does not read the policies that it validated')
  }
  if (current.faults.length === 0) putIntoForce(current.set)
  return {
    decide: (delegation) => decideWithCedar(delegation, current),
    get faults() {
      return [...faults, ...current.faults]
    },
    get warnings() {
      return current.set.warnings
    },
    get rules() {
      return [...current.set.rules.values()]
    },
    files: [...places, ...(options.entities === undefined ? [] : [options.entities])].map(pathOf),
    reload(): PolicyReload {
      const next = read(options, places)
      return {
        faults: next.faults,
        apply() {
          if (next.faults.length > 0) return
          putIntoForce(next.set)
          current = { name, naming, ...next }
        },
      }
    },
  }
}

/** Stands in for policies that cannot be read, because nobody knows where they are. */
class FaultyPoint implements DecisionPoint {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    this.faults = faults
  }

  decide(): never {
    throw new PolicyUnavailable('the options of the Cedar policies are faulty')
  }
}

const place = v.custom<string | URL>(
  (value) => typeof value === 'string' || value instanceof URL,
  'must be a path or a file URL; is the environment variable set?',
)
const text = v.string('must be a string; is the environment variable set?')
const texts = v.record(v.string(), text, 'must be an object of texts by name')
// An option that is there but undefined would take what it was meant to say with it, without a word.
const optionsSchema = v.strictObject(
  {
    policies: v.exactOptional(v.lazy((input) => (Array.isArray(input) ? v.array(place) : place))),
    texts: v.exactOptional(texts),
    entities: v.exactOptional(place),
    groupsClaim: v.exactOptional(text),
    issuerNames: v.exactOptional(texts),
    timeZone: v.exactOptional(text),
  },
  'must be an object',
)

function read(options: CedarOptions, places: readonly (string | URL)[]) {
  const { files, faults } = readSourceFiles(places)
  const texts: SourceFile[] = Object.entries(options.texts ?? {}).map(([name, text]) => ({ name, text }))
  const known = options.entities === undefined ? undefined : readEntities(options.entities)
  const entities = known?.entities ?? new KnownEntities()
  const set = parsePolicySet([...files, ...texts], entities)
  const none =
    places.length === 0 && texts.length === 0 ? [{ path: 'policy', problem: 'names no Cedar policies' }] : []
  return {
    set,
    entities,
    rules: set.rules,
    faults: [...none, ...faults, ...(known?.faults ?? []), ...set.faults],
  }
}

function readEntities(place: string | URL): ReturnType<typeof parseEntities> {
  const { files, faults } = readSourceFiles([place])
  const [file] = files
  return file === undefined ? { entities: new KnownEntities(), faults } : parseEntities(file)
}

function readNaming({ groupsClaim = 'groups', issuerNames = {}, timeZone = 'UTC' }: CedarOptions): {
  readonly naming: Naming
  readonly faults: readonly ConfigFault[]
} {
  const faults: ConfigFault[] = []
  const shortNames = Object.values(issuerNames)
  for (const [issuer, short] of Object.entries(issuerNames)) {
    const path = `policy.issuerNames['${issuer}']`
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(short))
      faults.push({ path, problem: 'must be 1 to 64 letters, digits, ., _ or -' })
    if (shortNames.indexOf(short) !== shortNames.lastIndexOf(short))
      faults.push({ path, problem: 'is the name of another issuer too' })
  }
  const localTime = localTimeIn(timeZone)
  if (localTime === undefined) faults.push({ path: 'policy.timeZone', problem: 'is no IANA time zone' })
  const naming = {
    groupsClaim,
    issuerNames: new Map(Object.entries(issuerNames)),
    localTime: localTime ?? (() => ({ weekday: 0, hour: 0 })),
  }
  return { naming, faults }
}
