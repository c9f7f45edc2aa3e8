import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { array, looseObject, parse, pipe, string, transform } from 'valibot'
import { parseAllDocuments } from 'yaml'
import { root } from '../../workspace.ts'

const Manifest = looseObject({
  apiVersion: string(),
  kind: string(),
  metadata: looseObject({ name: string() }),
})

/** An object of Kubernetes, as kustomize writes it. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly [member: string]: unknown
}

/** Builds a kustomization with `kubectl`. @param folder - absolute, or relative to the repository's root */
export function build(folder: string): readonly Manifest[] {
  const text = execFileSync('kubectl', ['kustomize', folder], { cwd: root, encoding: 'utf8' })
  const Documents = pipe(
    array(Manifest),
    transform((manifests): readonly Manifest[] => manifests),
  )
  return parse(
    Documents,
    parseAllDocuments(text).map((document): unknown => document.toJS()),
  )
}

/** Finds the one object of a kind. */
export function only(manifests: readonly Manifest[], kind: string): Manifest {
  const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind)
  if (found === undefined || others.length > 0) throw new Error(`there is not exactly one ${kind}`)
  return found
}

/**
 * Says what is wrong with an object by Kubernetes' own schemas, one line each; also members that they do not have, which
 * the API server would drop with a warning. The folder must be installed.
 */
export async function findFaults(manifest: Manifest): Promise<readonly string[]> {
  const { apiVersion, kind } = manifest
  const file = join(root, 'tools/outside/kubernetes/node_modules/kubernetes-models', apiVersion, `${kind}.js`)
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href)
  const Model = module[kind]
  if (typeof Model !== 'function' || !isValidating(Model.prototype))
    throw new Error(`there is no schema for ${apiVersion} ${kind}`)
  const unread = new Set<string>()
  try {
    // What a model is constructed with it copies, and so reads, whole.
    Model.prototype.validate.call(watched(manifest, kind, unread))
  } catch (error) {
    return [`${kind} ${manifest.metadata.name}: ${error instanceof Error ? error.message : String(error)}`]
  }
  return [...unread].map((path) => `${path}: unknown`)
}

function isValidating(prototype: unknown): prototype is { validate(): void } {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    'validate' in prototype &&
    typeof prototype.validate === 'function'
  )
}

/** Hands a value on, and keeps the paths of the members that nobody has read: the schemas read those that they know. */
function watched(value: object, path: string, unread: Set<string>): object {
  const members = new Map<string | symbol, object>()
  const pathOf = (name: string | symbol): string => `${path}.${String(name)}`
  for (const name of Object.keys(value)) unread.add(pathOf(name))
  return new Proxy(value, {
    get(target, name) {
      unread.delete(pathOf(name))
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'object' || member === null) return member
      const known = members.get(name) ?? watched(member, pathOf(name), unread)
      members.set(name, known)
      return known
    },
  })
}
