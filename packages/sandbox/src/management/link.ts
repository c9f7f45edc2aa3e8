import type { JsonObject } from '../org/json.ts'

/** Returns a link of a document, with the methods that it takes; without methods, what it takes is not said. */
export function link(href: string, ...allow: readonly string[]): JsonObject {
  return allow.length === 0 ? { href } : { href, hints: { allow: [...allow] } }
}

/** Returns the links with which a resource changes its status. */
export function lifecycleLink(self: string, status: 'ACTIVE' | 'INACTIVE'): JsonObject {
  return status === 'ACTIVE'
    ? { deactivate: link(`${self}/lifecycle/deactivate`, 'POST') }
    : { activate: link(`${self}/lifecycle/activate`, 'POST') }
}
