import { existsSync } from 'node:fs'
import { type BehalfConfig, configFromEnvironment, type EnvironmentParts } from '@behalf/hook'
import { UsageError } from '../terminal/command.ts'
import { loadModule } from './load-module.ts'

/** Where the configuration is unless a command is told otherwise. */
const defaultConfigFile: string = 'behalf.config.ts'

/**
 * Returns the file that the configuration is in: the one that was named, else `behalf.config.ts` in the current folder;
 * undefined when there is none, so that the environment is the configuration.
 */
export function findConfigFile(file: string | undefined): string | undefined {
  if (file === undefined) return existsSync(defaultConfigFile) ? defaultConfigFile : undefined
  if (!existsSync(file)) throw new UsageError(`the configuration file ${file} does not exist`)
  return file
}

/**
 * Loads the configuration from its file, else from the environment. Whether its content is right is for
 * `createHook` to say.
 */
export async function loadConfig(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BehalfConfig> {
  const file = findConfigFile(named)
  if (file === undefined) return fromEnvironment(environment)
  if (environment['POLICY_FILES'] !== undefined)
    throw new UsageError(`POLICY_FILES is not read beside ${file}; name the policies in it`)
  const module = await loadModule(file, 'the configuration file')
  if (!isConfig(module['default'])) {
    throw new UsageError(`the configuration file ${file} must export defineConfig({…}) by default`)
  }
  return module['default']
}

/** What the environment says, with the Cedar policies of `POLICY_FILES`, separated by commas, when it names any. */
async function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BehalfConfig> {
  const { POLICY_FILES, ...others } = environment
  const config = configFromEnvironment(others, await partsFor(others))
  if (POLICY_FILES === undefined) return config
  if (POLICY_FILES.trim() === '')
    throw new UsageError('POLICY_FILES is empty; leave it out to have no policy')
  // Loaded only now, because it brings a WebAssembly module.
  const { cedar } = await import('@behalf/hook/cedar')
  return { ...config, policy: cedar({ policies: POLICY_FILES.split(',').map((path) => path.trim()) }) }
}

/** What is loaded only where it is used. */
async function partsFor(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<EnvironmentParts> {
  const isSealed = Object.keys(environment).some((name) => name.startsWith('SEALING_'))
  return isSealed ? { sealed: (await import('@behalf/hook/sealing')).sealed } : {}
}

/** Only tells that there is something to check; `createHook` refuses what is wrong with it. */
function isConfig(value: unknown): value is BehalfConfig {
  return typeof value === 'object' && value !== null
}
