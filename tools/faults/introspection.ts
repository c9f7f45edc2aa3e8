import { type LoopbackServer, listen } from '@behalf/testing'
import { type Fault, find } from './fault.ts'
import { Stage } from './stage.ts'

type Answer = Parameters<typeof listen>[0]

/** An issuer's introspection endpoint that breaks and heals again; nothing is granted while it does not say what it must. */
function endpoint(name: string, answer: Answer, code = 'revocation_unavailable'): Fault {
  return {
    name: `introspection ${name}`,
    async run() {
      let broken = false
      await using asked: LoopbackServer = await listen((request, response) => {
        request.resume()
        if (broken) answer(request, response)
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{"active":true}')
      })
      await using stage = await Stage.set({
        issuerConfig: `introspection: { clientId: '0oaApiA', clientSecret: 'client-secret', endpoint: '${asked.origin}/introspect', cacheSeconds: 0 }`,
      })
      await stage.hook.ready()
      const questions = stage.exchanges()
      const before = await stage.load(20, 500, (index) => questions[index % questions.length] ?? {})
      stage.expect(
        before.every(({ outcome }) => outcome === 'delegated'),
        'denied before anything was broken',
      )
      broken = true
      const under = await stage.load(20, 3_000, (index) => questions[index % questions.length] ?? {})
      const other = under.find((result) => result.code !== code)
      stage.expect(other === undefined, `something else than ${code}: ${other?.code}`)
      const slowest = Math.max(...under.map(({ elapsedMs }) => elapsedMs))
      stage.expect(slowest < 1_500, `an answer took ${Math.round(slowest)} ms, and the issuer has 800`)
      broken = false
      return find(stage, await stage.recovery())
    },
  }
}

const saying =
  (body: string): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)

export const introspectionFaults: readonly Fault[] = [
  endpoint('down', (_, response) => response.destroy()),
  endpoint('hanging', () => undefined),
  endpoint('hanging after the headers', (_, response) => response.writeHead(200).flushHeaders()),
  endpoint('answers 500', (_, response) => response.writeHead(500).end()),
  endpoint('answers 401', (_, response) => response.writeHead(401).end('{"active":true}')),
  endpoint('redirects', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()),
  endpoint('answers garbage', saying('<html>')),
  endpoint('answers endlessly', (_, response) => {
    const chunk = Buffer.alloc(16_384, ' ')
    const push = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', push)
    push()
  }),
  endpoint('answers a wrong type', saying('{"active":"true"}')),
  endpoint('lies about another token', saying('{"active":true,"jti":"AT.another"}')),
  endpoint('lies about another user', saying('{"active":true,"sub":"admin@example.com"}')),
  endpoint('says both', saying('{"active":false,"active":true}')),
  endpoint('says inactive', saying('{"active":false}'), 'assertion_revoked'),
]
