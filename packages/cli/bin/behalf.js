#!/usr/bin/env node
import { readFileSync } from 'node:fs'

// Before anything else is loaded: an older Node would fail somewhere inside with a message about something else.
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const needed = engines.node.replace('>=', '')
const [major, minor] = process.versions.node.split('.').map(Number)
const [neededMajor, neededMinor] = needed.split('.').map(Number)

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  console.error(`behalf: needs Node ${needed} or later, and this is Node ${process.versions.node}`)
  process.exitCode = 2
} else {
  const { main } = await import('../dist/index.js')
  process.exitCode = await main(process.argv.slice(2))
  // What a policy has left open must not keep a process that has stopped; output gets a moment to drain.
  setTimeout(() => process.exit(), 250).unref()
}
