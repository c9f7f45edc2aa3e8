import { isJsonObject, parseStrictJson } from '@behalf/core/internal'
import { readNamedFile } from '../files/read-file.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import type { replay } from '../usage/replay.ts'
import { explainRequest } from './policy-explain.ts'

const maxJsonDepth = 32

/** Explains a recorded hook request as of the moment at which it was recorded. */
export async function run(
  { options, words: [file = ''] }: Input<typeof replay>,
  terminal: Terminal,
): Promise<number> {
  const body = await readNamedFile(file)
  const explaining = { ...options, keyFile: options['seal-key'], at: options.at ?? readEventTime(body, file) }
  return explainRequest(body, explaining, terminal)
}

function readEventTime(body: string, file: string): number {
  const parsed = parseStrictJson(body, maxJsonDepth)
  if (!parsed.ok) throw new UsageError(`${file} is no hook request: it is refused as JSON: ${parsed.fault}`)
  const eventTime = isJsonObject(parsed.value) ? parsed.value['eventTime'] : undefined
  const timeMs = typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN
  if (Number.isNaN(timeMs))
    throw new UsageError(`${file} is no hook request: it has no usable eventTime; say --at TIME`)
  return timeMs
}
