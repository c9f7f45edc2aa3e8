import { readFileSync } from 'node:fs'
import { runSuite } from './run.ts'

/** The suite as a program for Node, Deno and Bun: the fixture's path in, results as JSON out. */
// The hook's timers keep no process alive, so that something else has to.
const alive = setInterval(() => undefined, 1_000)
const results = await runSuite(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
console.log(JSON.stringify(results, (_, value) => value ?? null))
clearInterval(alive)
