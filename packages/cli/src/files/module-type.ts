import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isJsonObject, parseStrictJson } from '@behalf/core/internal'

const maxJsonDepth = 32

/**
 * Says whether Node could take the files of a folder for CommonJS: the nearest `package.json`, of the folder or of one
 * above, says something else than `"type": "module"`. Without any, Node goes by the syntax.
 */
export function mayBeCommonJs(folder: string): boolean {
  const text = readNearestManifest(resolve(folder))
  if (text === undefined) return false
  const parsed = parseStrictJson(text, maxJsonDepth)
  return !(parsed.ok && isJsonObject(parsed.value) && parsed.value['type'] === 'module')
}

function readNearestManifest(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'package.json'), 'utf8')
  } catch {
    const above = dirname(folder)
    return above === folder ? undefined : readNearestManifest(above)
  }
}
