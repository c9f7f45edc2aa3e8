import { existsSync, realpathSync, writeSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ConfigError } from '@behalf/hook'
import { UsageError } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'
import { describeMissingCedar } from './missing-cedar.ts'
import { findSyntaxFault, type PlacedFault } from './syntax-fault.ts'

/**
 * Imports a file of a user's.
 *
 * @throws UsageError with file, line, column and message of what cannot be read, be it in the file or in one that it
 *   imports; what the file itself throws is named without its message, which may quote a secret
 * @throws ConfigError that the file throws itself, since it asks for variables that are not set
 */
export async function loadModule(file: string, called: string): Promise<Readonly<Record<string, unknown>>> {
  if (/\.[cm]?ts$/.test(file) && !process.features.typescript)
    throw new UsageError(
      `${called} ${file} is TypeScript, which Node reads from 22.18 on (of 23, from 23.6) unless an option forbids it, and this is Node ${process.versions.node}`,
    )
  const tellOfEnd = (): void => {
    // Who called would take a process that ended well for a hook that was packed, or was stopped on purpose.
    process.exitCode = 2
    const why = 'it ends the process while it is loaded, or waits for what never comes'
    writeSync(2, `behalf: ${printable(`${called} ${file} cannot be loaded: ${why}`)}\n`)
  }
  process.once('exit', tellOfEnd)
  try {
    return await import(pathToFileURL(resolve(file)).href)
  } catch (error) {
    // What it says has no secret in it.
    if (error instanceof ConfigError) throw error
    throw new UsageError(`${called} ${file} cannot be loaded: ${await whyNotLoaded(error, file)}`)
  } finally {
    process.off('exit', tellOfEnd)
  }
}

async function whyNotLoaded(error: unknown, file: string): Promise<string> {
  if (!(error instanceof Error)) return 'it threw something that is no error'
  const missingCedar = describeMissingCedar(error)
  if (missingCedar !== undefined) return missingCedar
  if (error instanceof SyntaxError) {
    const fault = placedBy(error) ?? (await findSyntaxFault(file))
    return fault === undefined ? 'it is not valid JavaScript or TypeScript' : describe(fault)
  }
  const isLoaders = 'code' in error && String(error.code).startsWith('ERR_')
  if (isLoaders) return error.message.split('\n', 1)[0] ?? ''
  const place = frameOf(error)
  return `it threw a ${error.name}${place === undefined ? '' : ` at ${place}`}`
}

function describe({ file, line, column, message }: PlacedFault): string {
  return `${shorten(file)}:${line}:${column}: ${message}`
}

/** Node puts place, source and a pointer before some syntax errors. */
function placedBy({ stack = '', message }: SyntaxError): PlacedFault | undefined {
  const [, place = '', line = '', above = ''] = /^(\S.*):(\d+)\n([\s\S]*?)^ *\^/m.exec(stack) ?? []
  const [pointer = ''] = /^ *\^/m.exec(stack) ?? []
  if (above === '') return undefined
  const file = place.startsWith('file:') ? fileURLToPath(place) : place
  return { file, line: Number(line), column: pointer.length, message: message.split('\n', 1)[0] ?? '' }
}

/** The first place in a file of the user's that an error came through. */
function frameOf({ stack = '' }: Error): string | undefined {
  for (const frame of stack.split('\n').filter((each) => /^ +at /.test(each))) {
    const [, url, position] = /(file:\S+?):(\d+:\d+)\)?$/.exec(frame) ?? []
    if (url !== undefined) return `${shorten(fileURLToPath(url))}:${position}`
  }
  return undefined
}

/** Seen from where the command runs, when it is below. */
function shorten(file: string): string {
  const path = relative(realpathSync('.'), existsSync(file) ? realpathSync(file) : file)
  return path.startsWith('..') ? file : path
}
