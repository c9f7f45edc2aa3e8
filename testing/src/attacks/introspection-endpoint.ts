import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { type LoopbackServer, listen } from '../loopback-server.ts'

const say =
  (body: string, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

/** How the endpoint answers about a token, by its `jti`; it calls all others active. */
export const introspectionAnswers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  inactive: say('{"active":false}'),
  'down, as a broken connection': (response) => response.destroy(),
  hanging: () => undefined,
  'down, by its status': say('{"active":true}', 503),
  'that does not know the hook': say('{"active":true}', 401),
  'that answers no JSON': say('<html>'),
  'that answers nothing': say(''),
  'that answers a word': say('{"active":"true"}'),
  'that says both': say('{"active":false,"active":true}'),
  'that tells of another token': say('{"active":true,"jti":"another"}'),
  'that tells of another user': say('{"active":true,"sub":"root@example.com"}'),
}

/**
 * Starts an introspection endpoint that is honest about most tokens, and not about those that ask for it.
 *
 * @param ended - the `jti` of tokens that have become inactive
 */
export function startIntrospectionEndpoint(ended: ReadonlySet<string>): Promise<LoopbackServer> {
  return listen(async (request, response) => {
    const token = new URLSearchParams(await text(request)).get('token') ?? ''
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    const jti = /"jti":"([^"]*)"/.exec(payload)?.[1] ?? ''
    const answer = Object.hasOwn(introspectionAnswers, jti) ? introspectionAnswers[jti] : undefined
    if (answer === undefined) say(`{"active":${!ended.has(jti)}}`)(response)
    else answer(response)
  })
}
