import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** Loads a Lambda function, has it answer one event, and says how long loading took. */
const startedAt = performance.now()
const { handler } = await import(pathToFileURL(process.argv[2]).href)
const loadMs = performance.now() - startedAt
const { body } = await handler(JSON.parse(process.env.EVENT))
if (!body.includes('"commands"')) process.exit(1)
writeSync(1, `${JSON.stringify({ loadMs, rssBytes: process.memoryUsage().rss })}\n`)
process.exit(0)
