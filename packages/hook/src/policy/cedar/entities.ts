import * as engine from '@cedar-policy/cedar-wasm/nodejs'
import type { ConfigFault } from '../../errors/config-error.ts'
import { cedarSchema } from './schema.ts'
import type { SourceFile } from './source-file.ts'

/** The entities of the entity file: which clients, APIs and groups belong to which groups. */
export class KnownEntities {
  readonly #byUid: ReadonlyMap<string, engine.EntityJson>

  constructor(entities: readonly engine.EntityJson[] = []) {
    this.#byUid = new Map(entities.map((entity) => [keyOf(entity.uid), entity]))
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
    const clients = new Set<string>()
    const groups = new Set<string>()
    collectIds(policy, 'Client', clients)
    collectIds(policy, 'ClientGroup', groups)
    if (clients.size === 0 && groups.size === 0) return undefined
    for (const { uid } of this.#byUid.values()) {
      const { type, id } = plain(uid)
      if (type !== 'Client') continue
      const ancestors = this.complete([], [plain(uid)]).flatMap(({ parents }) => parents.map(plain))
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
    return refuse('is not JSON')
  }
  if (!Array.isArray(entities)) return refuse('must be a JSON list of entities')
  const checked = engine.checkParseEntities({ schema: cedarSchema, entities })
  return checked.type === 'failure'
    ? refuse(checked.errors.map(({ message }) => message).join('; '))
    : { entities: new KnownEntities(entities), faults: [] }
}

function plain(uid: engine.EntityUidJson): engine.TypeAndId {
  return '__entity' in uid ? uid.__entity : uid
}

function keyOf(uid: engine.EntityUidJson): string {
  const { type, id } = plain(uid)
  return `${type}::${id}`
}

function collectIds(node: unknown, type: string, ids: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  if ('type' in node && 'id' in node && node.type === type && typeof node.id === 'string') ids.add(node.id)
  for (const member of Object.values(node)) collectIds(member, type, ids)
}
