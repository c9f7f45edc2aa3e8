import { readFile } from 'node:fs/promises'
import { isJsonObject, parseStrictJson } from '@behalf/core/internal'
import { type Command, CommandError, UsageError } from '../terminal/command.ts'
import { readArguments } from '../terminal/options.ts'
import { explainDecision } from './policy-explain.ts'

const maxJsonDepth = 32

/** Runs a recorded hook request at the moment at which it was recorded. */
export const replay: Command = {
  name: 'replay',
  summary: 'run a recorded hook request and explain it step by step',
  help: `Usage: behalf replay EVENT.json [--config FILE] [--at TIME] [--json]

Puts a recorded body of Okta's hook request through the hook's pipeline, as of the time that the recording names, and
shows what each step found. The caller is not authenticated: a body holds no secret. The issuer's keys are those of
today. Exit code 0 when it is permitted, 1 when it is denied.

  --config FILE  the configuration; behalf.config.ts in this folder by default, else the environment
  --at TIME      the time as of which it is decided; its eventTime by default
  --json         print one JSON document instead

A recorded request holds a user's token; delete it when it is no longer needed.

Example:
  behalf replay event.json --config behalf.config.ts`,

  async run(args, terminal) {
    const { options, words } = readArguments(args, {
      config: { type: 'string' },
      at: { type: 'string' },
      json: { type: 'boolean' },
    })
    const [file, ...others] = words
    if (file === undefined || others.length > 0)
      throw new UsageError('expected one file: a recorded hook request')
    const at = options.at ?? (await readEventTime(file))
    return explainDecision(
      [
        `--event=${file}`,
        `--at=${at}`,
        ...(options.config === undefined ? [] : [`--config=${options.config}`]),
        ...(options.json === true ? ['--json'] : []),
      ],
      terminal,
    )
  },
}

async function readEventTime(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError(`${file} cannot be read`)
  })
  const parsed = parseStrictJson(text, maxJsonDepth)
  const eventTime = parsed.ok && isJsonObject(parsed.value) ? parsed.value['eventTime'] : undefined
  if (typeof eventTime !== 'string' || Number.isNaN(Date.parse(eventTime)))
    throw new CommandError(`${file} is no hook request: it has no usable eventTime; say --at TIME`)
  return eventTime
}
