/**
 * The whole flow on this machine, over HTTP: a person signs in, API A calls API B for her, and what protects
 * her when somebody tries something else. `--json` prints one JSON document in place of the story; with `--stay` all goes
 * on running afterwards, for the sandbox's page.
 */
import { once } from 'node:events'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { claimsSideBySide } from './claims-side-by-side.ts'
import { stay } from './page.ts'
import { findPython, noPython, startPythonApis } from './python.ts'
import { signInToWebShop } from './sign-in.ts'
import { readStepUp } from './step-up.ts'
import { hold, Story } from './story.ts'
import { requestToken, type TokenAnswer } from './token-request.ts'
import { apiA, apiB, orders, reporting, startWorld, user, type World } from './world.ts'

const asJson = process.argv.includes('--json')
const story = new Story(asJson ? () => undefined : console.log)
const twoHoursMs = 7_200_000
let oktaOffsetMs = 0

try {
  await using world = await startWorld({ now: () => Date.now() + oktaOffsetMs })
  await tell(world)
  if (process.argv.includes('--stay')) await stay(world, once(process, 'SIGINT'))
} catch (error) {
  // A step that does not hold has told so itself.
  if (story.ok) console.error(error)
}
const ok = story.ok && story.steps.length === 13
console.log(
  asJson
    ? JSON.stringify({ ok, steps: story.steps })
    : `\n${ok ? 'Every step held.' : 'A step did not hold.'}`,
)
process.exitCode = ok ? 0 : 1

async function tell(world: World): Promise<void> {
  const { issuers, okta, hook, apiAUrl, apiBUrl, seal, decisions } = world
  const { delegation } = issuers
  const exchange = async (clientId: string, scope: string, assertion: string): Promise<TokenAnswer> =>
    requestToken(delegation, clientId, scope, await seal(assertion, clientId, delegation))

  await story.step('An Okta org, the hook and three APIs start', async () => ({
    detail: `Okta ${okta.url}, with a page at ${okta.url}/\nhook ${hook.origin}/inline-hook\nAPI A ${apiAUrl}, API B ${apiBUrl}`,
  }))

  const { token: jwtA } = await story.step(
    'Ann signs in to the web shop (authorization code, PKCE)',
    async () => {
      const token = await signInToWebShop(issuers.users)
      return { token, detail: 'The web shop holds her access token for API A: JWT-A.' }
    },
  )

  const { token: jwtB } = await story.step(
    'API A exchanges JWT-A: Okta asks the hook, and issues JWT-B',
    async () => {
      const answer = await exchange(apiA, 'orders:read', jwtA)
      hold(answer.token !== undefined, `Okta issued no token: ${answer.error}`)
      const decision = decisions.at(-1)
      hold(decision?.decision === 'permit', 'the hook did not permit')
      const { token } = answer
      return { token, detail: claimsSideBySide({ title: 'JWT-A', token: jwtA }, { title: 'JWT-B', token }) }
    },
  )

  await story.step(
    'The web shop calls API A, which calls API B, which calls API C, all for Ann',
    async () => {
      const response = await fetch(`${apiAUrl}/orders`, { headers: { authorization: `Bearer ${jwtA}` } })
      const answer = await response.text()
      hold(response.status === 200, `API A answered ${response.status}`)
      hold(answer.includes('"ordersOf":"ann@example.com"'), 'API B did not see Ann')
      hold(answer.includes('"actors":["0oaApiB","0oaApiA"]'), 'API C did not see the chain of actors')
      return { detail: `API A answered: ${answer}` }
    },
  )

  await story.step('The same with API A and API B in Python, the sidecar beside API A', async () => {
    const python = findPython()
    if (python === undefined) return { detail: noPython }
    await using apis = await startPythonApis(world, python)
    const response = await fetch(`${apis.apiAUrl}/orders`, { headers: { authorization: `Bearer ${jwtA}` } })
    const answer = await response.text()
    hold(response.status === 200, `API A answered ${response.status}`)
    hold(answer.includes('"ordersOf":"ann@example.com"'), 'API B did not see Ann')
    hold(answer.includes('"actors":["0oaApiA"]'), 'API B did not see who acts')
    return { detail: `API A answered: ${answer}` }
  })

  await story.step('The chain is in the token: API B exchanges JWT-B, and act nests in JWT-C', async () => {
    const answer = await exchange(apiB, 'stock:read', jwtB)
    hold(answer.token !== undefined, `Okta issued no token: ${answer.error}`)
    const { subject, actors } = decisions.at(-1) ?? {}
    hold(subject === user && actors?.join() === `${apiB},${apiA}`, 'the hook saw another chain')
    return {
      detail: claimsSideBySide({ title: 'JWT-B', token: jwtB }, { title: 'JWT-C', token: answer.token }),
    }
  })

  await story.step('To order, Ann needs a second factor: the web shop follows the challenge', async () => {
    const order = (token: string) =>
      fetch(`${apiAUrl}/orders`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    const refused = await order(jwtA)
    const challenge = refused.headers.get('www-authenticate') ?? ''
    hold(refused.status === 401, `API A answered ${refused.status}`)
    const stronger = await signInToWebShop(issuers.users, readStepUp(challenge))
    const response = await order(stronger)
    const answer = await response.text()
    hold(response.status === 201, `API A answered ${response.status}`)
    hold(answer.includes(`"orderedFor":"${user}"`), 'API B did not order for Ann')
    const { acr } = decodeJwt(stronger)
    return {
      detail: `API A: 401 ${challenge}\nAnn signs in again; the web shop's new token says acr ${acr}.\nAPI A answered: ${answer}`,
    }
  })

  await story.step(
    "Okta's log keeps the URL: what it keeps is sealed, and of no use to whoever reads it",
    async () => {
      const kept = okta.systemLog.events().flatMap(({ request }) => sealIn(request?.url))
      const fromTheLog = kept.at(-1) ?? ''
      hold(fromTheLog.split('.').length === 5, 'the log keeps no sealed text')
      hold(!JSON.stringify(okta.systemLog.events()).includes(jwtA), 'the log keeps JWT-A')
      const again = await requestToken(delegation, apiA, 'orders:write', fromTheLog)
      const byAnother = await requestToken(delegation, reporting, 'orders:read', fromTheLog)
      const bare = await requestToken(delegation, apiA, 'orders:read', jwtA)
      const denials = [
        ['What API A sent, once more', expectDenial(again, 'seal_replayed')],
        ['The same, from another client', expectDenial(byAnother, 'seal_client_mismatch')],
        ['JWT-A itself', expectDenial(bare, 'seal_required')],
      ] as const
      return { detail: denials.map(([what, { detail }]) => `${what}: ${detail}`).join('\n') }
    },
  )

  await story.step('An assertion that has expired is denied', async () => {
    oktaOffsetMs = -twoHoursMs
    const expired = await signInToWebShop(issuers.users, {}, oktaOffsetMs)
    oktaOffsetMs = 0
    return expectDenial(await exchange(apiA, 'orders:read', expired), 'assertion_expired')
  })

  await story.step('A client that may not present this assertion is denied', async () =>
    expectDenial(await exchange(reporting, 'orders:read', jwtA), 'client_not_permitted'),
  )

  const { token: plain } = await story.step(
    'With the hook stopped, Okta fails open: it issues a plain token',
    async () => {
      await hook.stop()
      const answer = await exchange(apiA, 'orders:read', jwtA)
      hold(answer.token !== undefined, `Okta issued no token: ${answer.error}`)
      const { sub, act, aud } = decodeJwt(answer.token)
      hold(sub === apiA && act === undefined, 'the token is not plain')
      return {
        token: answer.token,
        detail: `A valid token of the same server, with sub ${apiA}, without act, and for nobody: aud ${aud}.`,
      }
    },
  )

  await story.step(
    'A verifier that is told issuer and audience, and nothing else, tells the two apart',
    async () => {
      const keys = createRemoteJWKSet(new URL(`${delegation}/v1/keys`))
      const expected = { issuer: delegation, audience: orders }
      const { payload } = await jwtVerify(jwtB, keys, expected)
      hold(payload.sub === user, 'jose saw another user')
      const refusal: unknown = await jwtVerify(plain, keys, expected).catch((error: unknown) => error)
      hold(refusal instanceof Error, 'jose accepted the plain token')
      return { detail: `jose accepts JWT-B, and refuses the plain token: ${refusal.message}` }
    },
  )

  await story.step('API B refuses the plain token, and so does the SDK of API A', async () => {
    const response = await fetch(`${apiBUrl}/orders`, { headers: { authorization: `Bearer ${plain}` } })
    hold(response.status === 401, `API B answered ${response.status}`)
    const fresh = await signInToWebShop(issuers.users)
    const throughApiA = await fetch(`${apiAUrl}/orders`, { headers: { authorization: `Bearer ${fresh}` } })
    hold(throughApiA.status >= 500, `API A answered ${throughApiA.status}`)
    return {
      detail: `API B: 401 ${response.headers.get('www-authenticate')}\nAPI A: ${throughApiA.status}, nothing was forwarded`,
    }
  })
}

/** @param url - path and query of a token request, as the log has them */
function sealIn(url: string = ''): readonly string[] {
  return new URLSearchParams(url.split('?')[1]).getAll('assertion')
}

function expectDenial(answer: { token?: string; error?: string }, code: string): { detail: string } {
  hold(answer.token === undefined, 'Okta issued a token')
  hold(answer.error?.startsWith(`${code}: `) === true, `it was denied otherwise: ${answer.error}`)
  return { detail: `Okta issued no token: ${answer.error}` }
}
