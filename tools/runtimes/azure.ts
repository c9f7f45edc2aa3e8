import { HttpRequest, HttpResponse } from '@azure/functions'
import { createAzureHandler } from '@behalf/hook/azure'
import { type HookTarget, startHook } from '@behalf/testing/attacks'

/**
 * The hook as an Azure function in this process: requests and responses are made by Azure's own library, from what
 * its host would send, and into what it would take. The host itself does not run.
 */
export const azureTarget: HookTarget = {
  name: 'azure functions library',
  async start(setup) {
    const handle = createAzureHandler(await startHook(setup), { path: '/inline-hook' })
    return {
      async call({ method = 'POST', target = '/inline-hook', headers, body }) {
        const joined = new Headers(headers.map(([name, value]): [string, string] => [name, value]))
        const request = new HttpRequest({
          method,
          url: `https://hook.example${target}`,
          headers: Object.fromEntries(joined),
          body: { bytes: Buffer.from(body) },
        })
        const response = new HttpResponse(await handle(request))
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
