import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cwd } from 'node:process'
import { pathToFileURL } from 'node:url'
import { CommandError } from '../terminal/command.ts'

/**
 * Loads a package that is installed by those who use it: beside this one, or in the current folder, where the project of
 * whoever runs this from elsewhere is.
 *
 * @param load - imports the package by its name
 * @param neededFor - what asked for it, e.g. `--metrics-port`
 * @param all - what is to be installed for it
 * @throws CommandError that says what to install
 */
export async function loadOptional<Module>(
  name: string,
  load: () => Promise<Module>,
  { neededFor, all }: { readonly neededFor: string; readonly all: readonly string[] },
): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  try {
    const path = createRequire(join(cwd(), 'package.json')).resolve(name)
    return await import(pathToFileURL(path).href)
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new CommandError(
      `${neededFor} needs OpenTelemetry's packages, which are not installed: npm install ${all.join(' ')}`,
    )
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
}
