import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './command.ts'

/** Reads options strictly; an unknown or incomplete one is a {@link UsageError}. */
export function readOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
): ReturnType<
  typeof parseArgs<{ args: string[]; options: Options; strict: true; allowPositionals: false }>
>['values'] {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
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
