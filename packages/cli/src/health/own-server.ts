import type { Seed } from '@behalf/sandbox'
import { authorityFile } from '../sandbox/authority-files.ts'
import { placeOf } from '../sandbox/place.ts'
import { readWith } from '../sandbox/seed-file.ts'
import { readArguments } from '../terminal/arguments.ts'
import { sandbox } from '../usage/sandbox.ts'
import { serve } from '../usage/serve.ts'
import { sidecar } from '../usage/sidecar.ts'

/** Where a server listens, and the authority to trust when it is one of its own. */
export interface OwnServer {
  readonly url: string
  readonly caFile: string | undefined
}

/**
 * Finds where a `behalf` listens that was started with a command line, as the command itself reads it: a sandbox's seed
 * has its say, too.
 *
 * @returns undefined when it is no command that listens
 */
export async function findOwnServer(
  commandLine: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<OwnServer | undefined> {
  const [name, ...args] = commandLine.slice(
    commandLine.findIndex((word) => /(^|\/)behalf(\.js)?$/.test(word)) + 1,
  )
  switch (name) {
    case 'serve':
      return at(readArguments(serve, args).options)
    case 'sidecar':
      return at(readArguments(sidecar, args).options)
    case 'sandbox': {
      const { seed, ca, ...options } = readArguments(sandbox, args).options
      const { port, host = '127.0.0.1', tls, authority } = placeOf(options, await readSeed(seed))
      return at({ port, host }, tls ? authorityFile(ca, authority, env) : undefined)
    }
    default:
      return undefined
  }
}

async function readSeed(file: string | undefined): Promise<Seed> {
  if (file === undefined) return {}
  // Loaded only now: a health check that needs it not comes every few seconds.
  const { parseSeed } = await import('@behalf/sandbox')
  return readWith(file, parseSeed)
}

function at({ port, host }: { readonly port: number; readonly host: string }, caFile?: string): OwnServer {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const name = reached.includes(':') ? `[${reached}]` : reached
  return { url: `${caFile === undefined ? 'http' : 'https'}://${name}:${port}`, caFile }
}
