import type { Json, JsonObject } from '@behalf/core'
import type { Experiment } from '../experiment.ts'

const replaced = { aud: 'https://api-b.probe.invalid', sub: 'somebody@probe.invalid' }

/** What becomes of a token whose audience and subject are not Okta's own at Okta's own endpoints. */
export const introspection: Experiment = {
  name: 'introspection',
  question: 'What do /introspect and /revoke make of a token whose aud and sub a hook has replaced?',
  maxTokens: 2,
  async run(bench) {
    const value = Object.entries(replaced).map(([name, text]) => ({
      op: 'replace',
      path: `/claims/${name}`,
      value: text,
    }))
    const commands = [{ type: 'com.okta.access.patch', value }]
    const [plain, changed] = [await bench.requestToken(), await bench.requestToken({ commands })]
    const facts: Record<string, Json> = {}
    for (const [name, { token, claims }] of [
      ['plain token', plain],
      ['replaced token', changed],
    ] as const) {
      if (token === undefined) {
        facts[name] = 'no token'
        continue
      }
      const before = await bench.present('introspect', token)
      const revoked = await bench.present('revoke', token)
      const after = await bench.present('introspect', token)
      facts[name] = {
        isReplaced: claims?.['aud'] === replaced.aud && claims['sub'] === replaced.sub,
        introspected: describe(before),
        revoked: revoked.status,
        introspectedAfterwards: describe(after),
      }
    }
    return facts
  },
}

function describe({ status, body }: { status: number; body: JsonObject }): JsonObject {
  const { active, aud, sub } = body
  return {
    status,
    active: typeof active === 'boolean' ? active : null,
    ...(active === true
      ? { aud: aud === replaced.aud ? 'replaced' : 'own', sub: sub === replaced.sub ? 'replaced' : 'own' }
      : {}),
  }
}
