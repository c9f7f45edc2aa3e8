import { freePortsOfFourDigits } from '../../free-port.ts'
import { settle } from './settle.ts'
import { Terminals } from './terminal.ts'

const oktaPort = 8090
const hookPort = 8080
const issuer = `http://127.0.0.1:${oktaPort}/oauth2/default`
const secret = 'hook-secret-0123456789'

const sandbox = `npx behalf sandbox --port ${oktaPort} --hook http://127.0.0.1:${hookPort}/inline-hook \\
    --hook-secret ${secret}`
const serve = `ISSUER=${issuer} AUDIENCE=api://default HOOK_SECRET=${secret} \\
  CLIENT_IDS=0oaApiA0000000000001 npx behalf serve --port ${hookPort}`
const exchange = `CLIENT_ID=0oaApiA0000000000001 CLIENT_SECRET=api-a-secret-for-the-sandbox-only \\
  npx behalf exchange --issuer ${issuer} --scope orders:read --sign-in alice@example.com`

/** An org, the hook, an exchange, and the same once more when the hook is gone. */
export async function recordFirstFiveMinutes(): Promise<Readonly<Record<string, string>>> {
  const [forOkta = 0, forHook = 0] = await freePortsOfFourDigits(2)
  const taken = new Map([
    [oktaPort, forOkta],
    [hookPort, forHook],
  ])
  await using terminals = new Terminals(taken)
  const org = await terminals.serve(sandbox)
  const hook = await terminals.serve(serve)
  const delegated = await terminals.run(exchange)
  await hook.stop()
  const plain = await terminals.run(exchange)

  const shown = new Map([...taken].map(([port, instead]) => [instead, port]))
  return {
    sandbox: settle(org.printed, shown),
    serve: settle(hook.printed, shown),
    exchange: settle(delegated, shown),
    'exchange without a hook': settle(plain, shown),
  }
}
