import { createHook } from '@behalf/hook'
import { startNodeServer } from '@behalf/hook/node'
import { configOf } from './setup.ts'

/** The hook on Node's own server; the configuration comes as JSON, the port goes out on a line. */
const hook = createHook(configOf(process.env['SETUP'] ?? '{}'))
await hook.load()
const { origin } = await startNodeServer(hook)
console.log(`port ${new URL(origin).port}`)
