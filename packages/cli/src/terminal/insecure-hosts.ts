import { type InsecureHosts, isHostName } from '@behalf/core/internal'
import { UsageError } from './command.ts'

/** Reads which hosts may be spoken to over plain http, besides this machine, as the hook reads it: `INSECURE_HOSTS`. */
export function readInsecureHosts(env: Readonly<Record<string, string | undefined>>): InsecureHosts {
  const { INSECURE_HOSTS } = env
  if (!INSECURE_HOSTS) return new Set()
  const hosts = INSECURE_HOSTS.split(',').map((host) => host.trim())
  if (!hosts.every(isHostName))
    throw new UsageError(
      'INSECURE_HOSTS must be host names as URLs spell them, without scheme and port, separated by commas',
    )
  return new Set(hosts)
}
