import { createFetchHandler } from '@behalf/hook/fetch'
import type { HookTarget } from '../target.ts'
import { startHook } from './start-hook.ts'

/** The hook in this process, by `Request` and `Response`. */
export const fetchTarget: HookTarget = {
  name: 'fetch',
  async start(setup) {
    const handle = createFetchHandler(await startHook(setup))
    return {
      async call({ method = 'POST', target = '/inline-hook', headers, body }) {
        const bodiless = method === 'GET' || method === 'HEAD'
        const request = new Request(`http://hook.example${target}`, {
          method,
          headers: headers.map(([name, value]): [string, string] => [name, value]),
          ...(bodiless ? {} : { body: Buffer.from(body) }),
        })
        const response = await handle(request)
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: await response.text(),
        }
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
  },
}
