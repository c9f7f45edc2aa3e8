import { ConfigError } from '@behalf/hook'

/** The faults that something refuses to start with; none when it starts. */
export function faultsOf(start: () => unknown): ConfigError['faults'] {
  try {
    start()
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}
