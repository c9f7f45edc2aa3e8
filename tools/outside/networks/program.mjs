// A service's calls: `node program.mjs [module with a fetch]`. Prints what became of each.
import { clientSecretBasic, createClient } from '@behalf/client'
import { createVerifier } from '@behalf/verify'

const { ISSUER: issuer, ASSERTION: assertion, DELEGATED: delegated } = process.env
const [recipe] = process.argv.slice(2)
const { fetch } = recipe === undefined ? {} : await import(recipe)
const own = fetch === undefined ? {} : { fetch }
const { origin } = new URL(issuer)

const verifier = createVerifier({ issuer, audience: 'api://b', ...own })
const client = createClient({
  issuer,
  clientId: '0oaApiA',
  auth: clientSecretBasic('a secret of API A'),
  allowedOrigins: [origin],
  ...own,
})

const attempt = (work) => work().catch((error) => error.message)
const keys = await attempt(() => verifier.loadKeys().then(() => 'loaded'))
const subject = await attempt(async () => (await verifier.verify(delegated)).subject)
const orders = await attempt(async () => {
  const callB = client.fetch(assertion, { scopes: ['orders:read'] })
  return (await callB(`${origin}/orders`, { method: 'POST', body: 'an order' })).text()
})
console.log(JSON.stringify({ keys, subject, orders }))
