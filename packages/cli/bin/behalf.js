#!/usr/bin/env node
import { main } from '../dist/index.js'

process.exitCode = await main(process.argv.slice(2))
// What a policy has left open must not keep a process that has stopped; output gets a moment to drain.
setTimeout(() => process.exit(), 250).unref()
