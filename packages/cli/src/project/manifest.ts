import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject, parseStrictJson } from '@behalf/core/internal'
import { CommandError } from '../terminal/command.ts'

const maxJsonDepth = 32
/** What `npm install` writes into an empty folder. */
const dependencyMembers = ['dependencies', 'devDependencies', 'overrides', 'allowScripts']

/** Joins what parts of the template want of `package.json`; packages of ours are taken in this very version. */
export function joinManifests(parts: readonly Json[], version: string): JsonObject {
  const joined = parts.filter(isJsonObject).reduce(joinMembers, {})
  return Object.fromEntries(
    Object.entries(joined).map(([name, value]) => [
      name,
      dependencyMembers.includes(name) && isJsonObject(value) ? withVersions(value, version) : value,
    ]),
  )
}

/**
 * Completes a `package.json` that holds nothing but dependencies, which stay as they are.
 *
 * @throws CommandError when it holds more: then there is a project already
 */
export function completeManifest(text: string, wanted: JsonObject, path: string): JsonObject {
  const parsed = parseStrictJson(text, maxJsonDepth)
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new CommandError(`${path} is no JSON object`)
  const own = parsed.value
  const others = Object.keys(own).filter((name) => !dependencyMembers.includes(name))
  if (others.length > 0)
    throw new CommandError(
      `${path} has ${others.join(', ')}, so there is a project already, and nothing was written; --hook-only adds a hook to it, and --dir names another folder`,
    )
  const present = new Set(
    Object.values(own).flatMap((value) => (isJsonObject(value) ? Object.keys(value) : [])),
  )
  const missing = Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [
      name,
      dependencyMembers.includes(name) && isJsonObject(value)
        ? Object.fromEntries(Object.entries(value).filter(([dependency]) => !present.has(dependency)))
        : value,
    ]),
  )
  return joinMembers(missing, own)
}

function withVersions(dependencies: JsonObject, version: string): JsonObject {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => [name, range === '*' ? `^${version}` : range]),
  )
}

/** Both, and of an object that both have, the members of both; the second one's where they differ. */
function joinMembers(first: JsonObject, second: JsonObject): JsonObject {
  const joined: Record<string, Json | undefined> = { ...first }
  for (const [name, value] of Object.entries(second)) {
    const former = joined[name]
    joined[name] = isJsonObject(former) && isJsonObject(value) ? { ...former, ...value } : value
  }
  return joined
}
