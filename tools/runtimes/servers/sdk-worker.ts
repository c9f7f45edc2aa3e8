import { clientSecretBasic, createClient } from '@behalf/client'
import { createVerifier } from '@behalf/verify'
import { requireAccess } from '@behalf/verify/fetch'

/** Where API A and API B find their authorization server. */
interface Environment {
  readonly ISSUER: string
}

/** API A (`/token`) and API B (`/orders`) in one isolate, as a team would write them: made once, with the first request. */
function createApis(issuer: string): Readonly<Record<string, (request: Request) => Promise<Response>>> {
  const client = createClient({ issuer, clientId: '0oaApiA', auth: clientSecretBasic('a secret of API A') })
  const guard = requireAccess(createVerifier({ issuer, audience: 'api://b' }))
  return {
    '/token': async (request) => {
      const assertion = request.headers.get('authorization')?.slice('Bearer '.length) ?? ''
      const { subject } = await client.acquireToken({ assertion, scopes: ['orders:read'] })
      return new Response(subject)
    },
    '/orders': guard((_request, access) => new Response(access.subject)),
  }
}

let apis: ReturnType<typeof createApis> | undefined

export default {
  async fetch(request: Request, { ISSUER }: Environment): Promise<Response> {
    apis ??= createApis(ISSUER)
    const answer = apis[new URL(request.url).pathname]
    return answer === undefined ? new Response(null, { status: 404 }) : answer(request)
  },
}
