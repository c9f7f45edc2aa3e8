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
    const [sentence = 'the options cannot be read'] =
      error instanceof Error ? error.message.split('. ', 1) : []
    throw new UsageError(`${sentence}; --help lists the options`)
  }
}

/** Reads a port number. */
export function readPort(value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new UsageError('--port must be a number from 0 to 65535')
  return Number(value)
}

/** Reads the name of a header (RFC 9110 §5.6.2); `Authorization` by default. */
export function readHeaderName(option: string, value: string | undefined): string {
  if (value === undefined) return 'Authorization'
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(value)) throw new UsageError(`${option} must be the name of a header`)
  return value
}
