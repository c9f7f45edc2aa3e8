import { authorityFolder } from '../sandbox/authority-files.ts'
import { readArguments } from '../terminal/arguments.ts'
import { sandbox } from '../usage/sandbox.ts'
import { serve } from '../usage/serve.ts'
import { sidecar } from '../usage/sidecar.ts'

/** Where a server listens, and the authority to trust when it is one of its own. */
export interface OwnServer {
  readonly url: string
  readonly caFile: string | undefined
}

const sandboxPort = 8090

/**
 * Finds where a `behalf` listens that was started with a command line, as the command itself reads it. What a seed says
 * about it is not read.
 *
 * @returns undefined when it is no command that listens
 */
export function findOwnServer(
  commandLine: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): OwnServer | undefined {
  const [name, ...args] = commandLine.slice(
    commandLine.findIndex((word) => /(^|\/)behalf(\.js)?$/.test(word)) + 1,
  )
  switch (name) {
    case 'serve':
      return at(readArguments(serve, args).options)
    case 'sidecar':
      return at(readArguments(sidecar, args).options)
    case 'sandbox': {
      const { port = sandboxPort, host = '127.0.0.1', tls, ca } = readArguments(sandbox, args).options
      return at({ port, host }, tls ? `${authorityFolder(ca, env)}/ca.pem` : undefined)
    }
    default:
      return undefined
  }
}

function at({ port, host }: { readonly port: number; readonly host: string }, caFile?: string): OwnServer {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const name = reached.includes(':') ? `[${reached}]` : reached
  return { url: `${caFile === undefined ? 'http' : 'https'}://${name}:${port}`, caFile }
}
