import { freePortsOfFourDigits } from '../../free-port.ts'
import { settle } from './settle.ts'
import { Terminals } from './terminal.ts'

const oktaPort = 8090
const hookPort = 8080
const users = `http://127.0.0.1:${oktaPort}/oauth2/users`
const delegation = `http://127.0.0.1:${oktaPort}/oauth2/behalf`
const orders = 'https://orders.example'
const secret = 'hook-secret-0123456789'

const sandbox = `npx behalf sandbox --port ${oktaPort} --hook http://127.0.0.1:${hookPort}/inline-hook \\
    --hook-secret ${secret}`
const keys = 'npx behalf keys seal --out sealing-keys.json --kid seal-1'
const jwksUri = `http://127.0.0.1:${hookPort}/.well-known/jwks.json`
const serve = `ISSUER=${users} AUDIENCE=api://a HOOK_SECRET=${secret} \\
  RESOURCE=${orders} RESOURCE_VERIFIER=behalf CLAIMS=email,auth_time SEALING_KEYS_FILE=sealing-keys.json \\
  CLIENT_IDS=0oaApiA0000000000001 npx behalf serve --port ${hookPort}`
const management = (token: string): string =>
  `OKTA_ORG_URL=http://127.0.0.1:${oktaPort} OKTA_API_TOKEN=${token}`
const doctor = `CLIENT_ID=0oaApiA0000000000001 CLIENT_SECRET=api-a-secret-for-the-sandbox-only HOOK_SECRET=${secret} \\
  SEAL_JWKS_URI=${jwksUri} \\
  npx behalf doctor --issuer ${delegation} --scope orders:read --sign-in alice@example.com \\
  --hook http://127.0.0.1:${hookPort}/inline-hook`
const fault = `npx behalf fault hook-unreachable --sandbox http://127.0.0.1:${oktaPort}`
const clear = `npx behalf fault clear --sandbox http://127.0.0.1:${oktaPort}`
const exchange = `CLIENT_ID=0oaApiA0000000000001 CLIENT_SECRET=api-a-secret-for-the-sandbox-only \\
  SEAL_JWKS_URI=${jwksUri} \\
  npx behalf exchange --issuer ${delegation} --scope orders:read --sign-in alice@example.com \\
  --audience ${orders}`

/** An org, the hook, an exchange, the same when Okta cannot reach the hook, and a look from outside. */
export async function recordFirstFiveMinutes(): Promise<Readonly<Record<string, string>>> {
  const [forOkta = 0, forHook = 0] = await freePortsOfFourDigits(2)
  const taken = new Map([
    [oktaPort, forOkta],
    [hookPort, forHook],
  ])
  await using terminals = new Terminals(taken)
  const org = await terminals.serve(sandbox)
  const made = await terminals.run(keys)
  const hook = await terminals.serve(serve)
  const delegated = await terminals.run(exchange)
  const [, token = ''] = /OKTA_API_TOKEN=(\S+)/.exec(org) ?? []
  const unreachable = await terminals.run(`OKTA_API_TOKEN=${token} ${fault}`)
  const plain = await terminals.run(exchange)
  const reachable = await terminals.run(`OKTA_API_TOKEN=${token} ${clear}`)
  const examined = await terminals.run(`${management(token)} \\\n  ${doctor}`)

  const shown = new Map([...taken].map(([port, instead]) => [instead, port]))
  return {
    sandbox: settle(org, shown),
    keys: settle(made, shown),
    serve: settle(hook, shown),
    exchange: settle(delegated, shown),
    fault: settle(unreachable, shown),
    'exchange without a hook': settle(plain, shown),
    clear: settle(reachable, shown),
    doctor: settle(examined, shown),
  }
}
