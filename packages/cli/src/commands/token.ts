import { requireSandbox } from '../sandbox/running-sandbox.ts'
import type { Terminal } from '../terminal/command.ts'
import { printJson } from '../terminal/print-json.ts'
import type { Input } from '../terminal/usage.ts'
import type { token } from '../usage/token.ts'

/** Gets a user's access token from a running sandbox. */
export async function run(
  { options: { sandbox, server, app, scope, json }, words: [login = ''] }: Input<typeof token>,
  terminal: Terminal,
): Promise<number> {
  const accessToken = await (await requireSandbox(sandbox)).userToken({ login, server, app, scopes: scope })
  if (json) printJson(terminal, { access_token: accessToken })
  else terminal.print(accessToken)
  return 0
}
