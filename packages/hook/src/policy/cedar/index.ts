import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import type { ConfigFault } from '../../errors/config-error.ts'
import { findOptionFaults } from '../../errors/option-faults.ts'
import { closedObject } from '../../errors/schema-faults.ts'
import type { DecisionPoint, PolicyReload } from '../decision-point.ts'
import { FaultyPoint } from '../faulty-point.ts'
import { forbidWithout } from '../required-claims.ts'
import { findWeaknesses } from './absence.ts'
import { type CedarInForce, decideWithCedar } from './decide.ts'
import { KnownEntities, parseEntities } from './entities.ts'
import { localTimeIn } from './local-time.ts'
import { findMisfits, partiesIn } from './parties.ts'
import { type CedarPolicySet, type CedarRule, parsePolicySet } from './policy-set.ts'
import { isReadable, type Naming } from './question.ts'
import { SlicedPolicies } from './sliced-policies.ts'
import { readSourceFiles, type SourceFile } from './source-file.ts'

export { cedarSchema } from './schema.ts'

/** Where Cedar policies are, and how what they name is called. */
export interface CedarOptions {
  /**
   * Files, or folders of which the files ending in `.cedar` are read, those in folders below included; paths are
   * relative to the working directory. A file whose name looks like policies and ends otherwise is a fault.
   */
  readonly policies?: string | URL | readonly (string | URL)[]
  /** Policies as texts by a name for messages, where there are no files, e.g. in a bundle. */
  readonly texts?: Readonly<Record<string, string>>
  /** A JSON file of entities: which clients, APIs and groups belong to which groups. */
  readonly entities?: string | URL
  /** The claim of the assertion that lists the user's groups; `groups` by default. */
  readonly groupsClaim?: string
  /**
   * Claims without which, or with which in a form that policies cannot read, an assertion is forbidden; none by
   * default. A forbid by a group is passed by with an assertion that names no groups, unless they are required.
   */
  readonly requiredClaims?: readonly string[]
  /** Short names of issuers, for the ids of users and groups: `{ 'https://example.okta.com/oauth2/default': 'okta' }`. */
  readonly issuerNames?: Readonly<Record<string, string>>
  /** The time zone of `context.request.local`, e.g. `Europe/Berlin`; `UTC` by default. */
  readonly timeZone?: string
}

/**
 * Returns a decision point of embedded Cedar policies, read and parsed once, here. Any fault is kept in `faults`, with
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
  const misused = findOptionFaults('policy', optionsSchema, options)
  if (misused.length > 0) return new FaultyPoint(misused, 'the options of the Cedar policies are faulty')
  const { naming, faults } = readNaming(options)
  const places = [options.policies ?? []].flat()
  const policies = new SlicedPolicies(randomUUID())
  let current: CedarInForce & CedarSources = { policies, naming, ...read(options, places) }
  if (current.faults.length === 0) policies.replace(current.set)
  const misfitsOf = ({ rules, entities }: CedarInForce, issuers?: readonly string[]) =>
    findMisfits(
      [...[...rules.values()].flatMap(({ json, place }) => partiesIn(json, place)), ...entities.parties],
      naming,
      entities,
      issuers,
    )
  const { requiredClaims = [] } = options
  return {
    decide: (delegation) =>
      forbidWithout(requiredClaims, delegation, isReadable) ?? decideWithCedar(delegation, current),
    get faults() {
      return [...faults, ...current.faults]
    },
    get warnings() {
      const rules = [...current.rules.values()]
      return [
        ...current.set.warnings,
        ...rules.flatMap((rule) => warnOfWeakness(rule, naming, requiredClaims)),
      ]
    },
    get rules() {
      return [...current.set.rules.values()]
    },
    get files() {
      return current.watched
    },
    misfits: (issuers) => misfitsOf(current, issuers),
    withPolicies: (others) => cedar({ ...withoutPolicies(options), policies: others }),
    reload(issuers): PolicyReload {
      const next = { policies, naming, ...read(options, places) }
      const nextFaults = [...next.faults, ...misfitsOf(next, issuers)]
      return {
        faults: nextFaults,
        apply() {
          if (nextFaults.length > 0) return
          policies.replace(next.set)
          current = next
        },
      }
    },
  }
}

const place = v.custom<string | URL>(
  (value) => typeof value === 'string' || value instanceof URL,
  'must be a path or a file URL; is the environment variable set?',
)
const text = v.string('must be a string; is the environment variable set?')
const texts = v.record(v.string(), text, 'must be an object of texts by name')
// An option that is there but undefined would take what it was meant to say with it, without a word.
const optionsSchema = closedObject({
  policies: v.exactOptional(v.lazy((input) => (Array.isArray(input) ? v.array(place) : place))),
  texts: v.exactOptional(texts),
  entities: v.exactOptional(place),
  groupsClaim: v.exactOptional(text),
  requiredClaims: v.exactOptional(
    v.array(v.pipe(text, v.nonEmpty('must not be empty')), 'must be a list of names'),
  ),
  issuerNames: v.exactOptional(texts),
  timeZone: v.exactOptional(text),
})

/** What the files say. */
interface CedarSources {
  readonly set: CedarPolicySet
  readonly rules: CedarPolicySet['rules']
  readonly entities: KnownEntities
  readonly watched: readonly string[]
  readonly faults: readonly ConfigFault[]
}

function read(options: CedarOptions, places: readonly (string | URL)[]): CedarSources {
  const { files, faults, watched } = readSourceFiles(places)
  const texts: SourceFile[] = Object.entries(options.texts ?? {}).map(([name, text]) => ({ name, text }))
  const known = readSourceFiles(options.entities === undefined ? [] : [options.entities], 'files')
  const [file] = known.files
  const { entities, faults: misread } =
    file === undefined ? { entities: new KnownEntities(), faults: [] } : parseEntities(file)
  const set = parsePolicySet([...files, ...texts], entities)
  const none =
    places.length === 0 && texts.length === 0 ? [{ path: 'policy', problem: 'names no Cedar policies' }] : []
  return {
    set,
    entities,
    rules: set.rules,
    watched: [...watched, ...known.watched],
    faults: [...none, ...faults, ...known.faults, ...misread, ...set.faults],
  }
}

function withoutPolicies({ policies: _, texts: __, ...others }: CedarOptions): CedarOptions {
  return others
}

function warnOfWeakness(
  { json, place, effect }: CedarRule,
  { groupsClaim }: Naming,
  requiredClaims: readonly string[],
): ConfigFault[] {
  const doing = effect === 'forbid' ? 'forbids nobody' : 'permits whoever comes'
  return findWeaknesses(json, groupsClaim)
    .filter(({ claims }) => !claims.some((name) => requiredClaims.includes(name)))
    .map(({ what, claims: [name] }) => ({
      path: place,
      problem: `${doing} without ${what}, which may be missing; ${
        name === undefined ? 'say what then holds with unless' : `require it: requiredClaims: ['${name}']`
      }`,
    }))
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
