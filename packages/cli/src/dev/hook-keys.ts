import { isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import { type Reply, type Service, startService } from './server.ts'

/** The public keys of the hook, at one address however often the hook is started anew at another. */
export interface HookKeys extends Service {
  /** Where APIs find the keys that they seal users' tokens for. */
  readonly jwksUri: string
  /** Whether the hook opens seals now; its configuration may change that. */
  areThere(): Promise<boolean>
}

const maxAnswerBytes = 65_536
const maxJsonDepth = 8
const path = '/.well-known/jwks.json'

/** Hands on the keys that the hook publishes. @param hookUrl - where the hook is at that moment */
export async function startHookKeys(
  hookUrl: () => string,
  onFault: (error: unknown) => void,
): Promise<HookKeys> {
  const ask = (): Promise<Response> => fetch(new URL(path, hookUrl()))
  const service = await startService(
    0,
    async (_, url) =>
      url.pathname === path ? readReply(await ask()) : { status: 404, body: { error: 'not found' } },
    onFault,
  )
  return {
    ...service,
    jwksUri: `${service.origin}${path}`,
    async areThere() {
      const { ok, body } = await ask()
      await body?.cancel()
      return ok
    },
  }
}

async function readReply(answer: Response): Promise<Reply> {
  const parsed = parseStrictJson((await readText(answer, maxAnswerBytes)) ?? '', maxJsonDepth)
  return { status: answer.status, body: parsed.ok && isJsonObject(parsed.value) ? parsed.value : {} }
}
