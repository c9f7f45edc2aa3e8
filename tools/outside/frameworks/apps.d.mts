import type { Server } from 'node:http'

/** Makes a server of what a block of docs/frameworks.md exports. */
type CreateApp = (recipe: object, parts: object) => Promise<Server>

export const apisA: Readonly<Record<string, CreateApp>>
export const apisB: Readonly<Record<string, CreateApp>>
