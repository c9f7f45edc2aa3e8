import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { generateSigningKey, listen, signJwt, userClaims } from '@behalf/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selfSignedCertificate } from '../../hook/test/policy/authzen/certificate.ts'
import { main } from '../src/index.ts'
import './okta-sdk-loaded.ts'
import { recordedTerminal } from './recorded-terminal.ts'

/** Where no answer comes from, and why. */
const origins: Record<string, string> = { dns: 'https://no-such-host.invalid' }
const servers: Server[] = []

async function serveOn(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return address === null || typeof address === 'string' ? 0 : address.port
}

beforeAll(async () => {
  const { certificate: cert, privateKey: key } = selfSignedCertificate('own authority')
  const gone = createServer()
  origins['refused'] = `http://127.0.0.1:${await serveOn(gone)}`
  await new Promise((resolve) => gone.close(resolve))
  origins['reset'] = `http://127.0.0.1:${await serveOn(createServer((socket) => socket.resetAndDestroy()))}`
  origins['authority'] =
    `https://127.0.0.1:${await serveOn(createTlsServer({ cert, key }).on('tlsClientError', () => undefined))}`
})
afterAll(() => {
  for (const server of servers) server.close()
})

const token = signJwt(
  generateSigningKey(),
  userClaims(Math.floor(Date.now() / 1000), { iss: 'https://example.okta.com/oauth2/default' }),
)

async function told(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const terminal = recordedTerminal({
    env: { CLIENT_ID: 'a', CLIENT_SECRET: 'b', ASSERTION: token, OKTA_API_TOKEN: 'a', ...env },
  })
  await main(args, terminal)
  return [...terminal.stdout, ...terminal.stderr].join('\n')
}

const causes = [
  ['dns', /ENOTFOUND|EAI_AGAIN/, /DNS/],
  ['refused', /ECONNREFUSED/, /nothing listens there/],
  ['reset', /ECONNRESET|UND_ERR_SOCKET/, /broken off/],
  ['authority', /DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED/, /NODE_EXTRA_CA_CERTS/],
] as const

describe.each(causes)('what is not reached: %s', (kind, code, remedy) => {
  it.each(['exchange', 'inspect', 'doctor', 'provision'])(
    '%s names the code and a remedy, and no query',
    async (name) => {
      const origin = origins[kind] ?? ''
      const issuer = `${origin}/oauth2/default`
      const commands: Readonly<Record<string, () => Promise<string>>> = {
        exchange: () => told(['exchange', '--issuer', issuer, '--scope', 'a']),
        inspect: () => told(['inspect', token, '--issuer', issuer]),
        doctor: () => told(['doctor', '--issuer', issuer]),
        provision: () => told(['provision', '--hook', 'https://h.example/'], { OKTA_ORG_URL: origin }),
      }
      const text = (await commands[name]?.()) ?? ''
      expect(text).toMatch(code)
      expect(text).toMatch(remedy)
      expect(text).not.toMatch(/https?:\S*\?|eyJ/)
    },
  )
})

describe('a wrong issuer', () => {
  it.each(['exchange', 'inspect', 'doctor'])('is told by %s', async (name) => {
    await using other = await listen((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          issuer: 'https://example.okta.com/oauth2/other',
          jwks_uri: 'https://example.okta.com/keys',
        }),
      ),
    )
    const issuer = `${other.origin}/oauth2/default`
    const args = name === 'inspect' ? [token] : name === 'exchange' ? ['--scope', 'a'] : []
    expect(await told([name, ...args, '--issuer', issuer])).toMatch(/another issuer/)
  })
})
