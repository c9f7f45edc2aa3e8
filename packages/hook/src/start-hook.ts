import type { BehalfConfig } from './config/config.ts'
import { ConfigError } from './errors/config-error.ts'
import { describeError } from './errors/internal-error.ts'
import { createHook, type Hook } from './hook.ts'
import type { HookEnvironment } from './hook-environment.ts'
import { createRefusingHook } from './refusing-hook.ts'

/**
 * Makes the configured hook, or, when the configuration cannot be loaded or is refused, one that denies
 * everything: for runtimes in which a hook that does not start would let plain tokens through.
 *
 * @param log - gets which version starts with which configuration, or why that was refused
 */
export async function startHook(
  loadConfig: () => BehalfConfig | Promise<BehalfConfig>,
  environment: HookEnvironment,
  log: (record: object) => void,
): Promise<Hook> {
  try {
    const hook = createHook(await loadConfig(), environment)
    log({ configured: hook.revision })
    return hook
  } catch (error) {
    log({ configurationRefused: describe(error) })
    return createRefusingHook('the configuration was refused; the log of the start says why', environment)
  }
}

/** The message of an unknown error could quote a secret, so only that of our own is kept. */
function describe(error: unknown): object {
  return error instanceof ConfigError ? { faults: error.faults } : describeError(error)
}
