import OktaJwtVerifier from '@okta/jwt-verifier'
import queryString from 'query-string'

const { ISSUER, AUDIENCE, HOOK_SECRET } = process.env

const verifier = new OktaJwtVerifier({
  issuer: ISSUER,
  // The issuer of a benchmark is on loopback.
  testing: { disableHttpsCheck: ISSUER.startsWith('http://127.0.0.1') },
})

/** The obvious hook: verifies the assertion and copies its claims, with none of the checks that are easy to forget. */
export async function handler(event) {
  if (event.headers.Authorization !== HOOK_SECRET) return { statusCode: 401, body: '' }
  const { data } = JSON.parse(event.body)
  const { query } = queryString.parseUrl(data.context.request.url.value)
  try {
    const { claims } = await verifier.verifyAccessToken(query.assertion, AUDIENCE)
    const value = [
      { op: 'replace', path: '/claims/sub', value: claims.sub },
      { op: 'add', path: '/claims/act', value: { sub: data.context.protocol.client.id } },
      { op: 'add', path: '/claims/assertion', value: claims },
    ]
    return answer({ commands: [{ type: 'com.okta.access.patch', value }] })
  } catch (error) {
    return answer({ error: { errorSummary: error.message } })
  }
}

function answer(body) {
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
