import { isJsonObject } from '@behalf/core/internal'
import { RunningSandbox, readApiToken } from '../sandbox/running-sandbox.ts'
import { CommandError, type Terminal } from '../terminal/command.ts'
import { printJson } from '../terminal/print-json.ts'
import type { Input } from '../terminal/usage.ts'
import type { token } from '../usage/token.ts'

/** Gets a user's access token from a running sandbox. */
export async function run(
  { options: { sandbox, server, app, scope, json }, words: [login = ''] }: Input<typeof token>,
  terminal: Terminal,
): Promise<number> {
  const org = new RunningSandbox(sandbox, readApiToken(terminal))
  const answer = await org.call('POST', '/sandbox/tokens', {
    login,
    ...(server === undefined ? {} : { server }),
    ...(app === undefined ? {} : { app }),
    ...(scope.length === 0 ? {} : { scopes: [...scope] }),
  })
  const accessToken = isJsonObject(answer) ? answer['access_token'] : undefined
  if (typeof accessToken !== 'string') throw new CommandError('the sandbox answered without a token')
  if (json) printJson(terminal, { access_token: accessToken })
  else terminal.print(accessToken)
  return 0
}
