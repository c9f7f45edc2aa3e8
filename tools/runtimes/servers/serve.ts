import { createHook } from '@behalf/hook'
import { createFetchHandler } from '@behalf/hook/fetch'
import { configOf } from './setup.ts'

/** What the runtimes that serve `fetch` handlers themselves are called with. */
interface ServingRuntime {
  readonly Deno?: {
    serve(
      options: { port: number; hostname: string; onListen: (address: { port: number }) => void },
      handle: (request: Request) => Promise<Response>,
    ): unknown
  }
  readonly Bun?: {
    serve(options: { port: number; hostname: string; fetch: (request: Request) => Promise<Response> }): {
      readonly port: number
    }
  }
}

/** The hook on Deno's or Bun's own server; the configuration comes as JSON, the port goes out on a line. */
const { Deno, Bun }: ServingRuntime & typeof globalThis = globalThis
const hook = createHook(configOf(process.env['SETUP'] ?? '{}'))
const handle = createFetchHandler(hook)
await hook.load()
if (Deno !== undefined) {
  Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: ({ port }) => console.log(`port ${port}`) }, handle)
} else if (Bun !== undefined) {
  console.log(`port ${Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: handle }).port}`)
}
