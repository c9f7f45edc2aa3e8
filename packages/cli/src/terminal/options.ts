import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './command.ts'

type OptionsConfig = NonNullable<ParseArgsConfig['options']>

/** Reads options strictly; an unknown or incomplete one is a {@link UsageError}. */
export function readOptions<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
): ReturnType<
  typeof parseArgs<{ args: string[]; options: Options; strict: true; allowPositionals: false }>
>['values'] {
  return strictly(() => parseArgs({ args: [...args], options, strict: true, allowPositionals: false })).values
}

/** Reads options strictly and the words between them. */
export function readArguments<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
): {
  readonly options: ReturnType<
    typeof parseArgs<{ args: string[]; options: Options; strict: true; allowPositionals: true }>
  >['values']
  readonly words: readonly string[]
} {
  const { values, positionals } = strictly(() =>
    parseArgs({ args: [...args], options, strict: true, allowPositionals: true }),
  )
  return { options: values, words: positionals }
}

function strictly<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the options cannot be read'
    const [sentence] = message.split(/\.\s/, 1)
    // A value that begins with a dash; what Node says about it takes three lines.
    const [, spelled] = / use '(--.+)'\.$/.exec(message) ?? []
    const remedy =
      spelled === undefined
        ? '--help lists the options'
        : `write '${spelled}' for a value that begins with a dash`
    throw new UsageError(`${sentence}; ${remedy}`)
  }
}

/** Reads a port number. @param option - what to call it in the complaint */
export function readPort(value: string | undefined, fallback: number, option = '--port'): number {
  if (value === undefined) return fallback
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new UsageError(`${option} must be a number from 0 to 65535`)
  return Number(value)
}

/** Reads the name of a header (RFC 9110 §5.6.2); `Authorization` by default. */
export function readHeaderName(option: string, value: string | undefined): string {
  if (value === undefined) return 'Authorization'
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(value)) throw new UsageError(`${option} must be the name of a header`)
  return value
}
