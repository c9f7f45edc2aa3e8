import * as engine from '@cedar-policy/cedar-wasm/nodejs'
import type { ConfigFault } from '../../errors/config-error.ts'
import { nodesOf, plainUid } from './expression.ts'
import { placeOfJsonFault } from './json-fault.ts'
import { type NamedParty, partiesAmong } from './parties.ts'
import { cedarSchema } from './schema.ts'
import type { SourceFile } from './source-file.ts'

/** The entities of the entity file: which clients, APIs and groups belong to which groups. */
export class KnownEntities {
  readonly #byUid: ReadonlyMap<string, engine.EntityJson>

  readonly #parents: ReadonlySet<string>
  /** The users and groups that are in groups. */
  readonly parties: readonly NamedParty[]

  /** @param name - the file's, for messages */
  constructor(entities: readonly engine.EntityJson[] = [], name = '') {
    this.#byUid = new Map(entities.map((entity) => [keyOf(entity.uid), entity]))
    this.#parents = new Set(entities.flatMap(({ parents }) => parents.map(keyOf)))
    const members = entities.filter(({ parents }) => parents.length > 0)
    this.parties = partiesAmong(
      members.map(({ uid }) => uid),
      name,
    )
  }

  /** Whether the file puts anybody into a group. */
  hasMembers(type: string, id: string): boolean {
    return this.#parents.has(keyOf({ type, id }))
  }

  /**
   * A question's entities with the parents that the file gives them, what the file knows of other parties of
   * the question, and all ancestors.
   */
  complete(asked: readonly engine.EntityJson[], others: readonly engine.TypeAndId[]): engine.EntityJson[] {
    if (this.#byUid.size === 0) return [...asked]
    const completed = new Map<string, engine.EntityJson>()
    for (const entity of [...asked, ...others.map((uid) => ({ uid, attrs: {}, parents: [] }))]) {
      const parents = [...entity.parents, ...(this.#byUid.get(keyOf(entity.uid))?.parents ?? [])]
      completed.set(keyOf(entity.uid), { ...entity, parents })
    }
    for (const { parents } of completed.values()) {
      for (const key of parents.map(keyOf)) {
        const known = this.#byUid.get(key)
        // A map hands out what is added while it is gone through, so ancestors of ancestors come in as well.
        if (known !== undefined && !completed.has(key)) completed.set(key, known)
      }
    }
    return [...completed.values()]
  }

  /** The clients that a policy names, directly or by a group that the file has them in; undefined when it names none. */
  clientsNamedIn(policy: engine.PolicyJson): ReadonlySet<string> | undefined {
    const clients = idsIn(policy, 'Client')
    const groups = idsIn(policy, 'ClientGroup')
    if (clients.size === 0 && groups.size === 0) return undefined
    for (const { uid } of this.#byUid.values()) {
      const { type, id } = plainUid(uid)
      if (type !== 'Client') continue
      const ancestors = this.complete([], [plainUid(uid)]).flatMap(({ parents }) => parents.map(plainUid))
      if (ancestors.some((ancestor) => ancestor.type === 'ClientGroup' && groups.has(ancestor.id)))
        clients.add(id)
    }
    return clients
  }
}

/** Reads an entity file: Cedar's JSON list of `{ uid, attrs, parents }`. */
export function parseEntities({ name, text }: SourceFile): {
  readonly entities: KnownEntities
  readonly faults: readonly ConfigFault[]
} {
  const refuse = (problem: string) => ({ entities: new KnownEntities(), faults: [{ path: name, problem }] })
  let entities: unknown
  try {
    entities = JSON.parse(text)
  } catch {
    const { line, column } = placeOfJsonFault(text)
    return {
      entities: new KnownEntities(),
      faults: [{ path: `${name}:${line}:${column}`, problem: 'is not JSON' }],
    }
  }
  if (!Array.isArray(entities)) return refuse('must be a JSON list of entities')
  const checked = engine.checkParseEntities({ schema: cedarSchema, entities })
  return checked.type === 'failure'
    ? refuse(checked.errors.map(({ message }) => message).join('; '))
    : { entities: new KnownEntities(entities, name), faults: [] }
}

function keyOf(uid: engine.EntityUidJson): string {
  const { type, id } = plainUid(uid)
  return `${type}::${id}`
}

function idsIn(policy: engine.PolicyJson, type: string): Set<string> {
  const named = [...nodesOf(policy)].filter((node) => node['type'] === type).map(({ id }) => id)
  return new Set(named.filter((id) => typeof id === 'string'))
}
