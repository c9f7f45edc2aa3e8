import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:https'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { createCertificateAuthority, createSandbox, defaultOrg, type Sandbox } from '@behalf/sandbox'
import { signIn } from '@behalf/sandbox/testing'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../tools/free-port.ts'
import { createQuickSandbox } from './quick-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await createQuickSandbox({ tls: {} })
})
afterAll(() => sandbox.close())

test('on every address its certificate names those of the machine, and no address that is none', async () => {
  await using everywhere = await createQuickSandbox({ host: '0.0.0.0', tls: {} })
  const { port } = new URL(everywhere.url)
  const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca: everywhere.caCertificate ?? '' })
  await once(socket, 'secureConnect')
  const names = socket.getPeerX509Certificate()?.subjectAltName ?? ''
  socket.destroy()
  const addresses = Object.values(networkInterfaces()).flatMap((found = []) => found)
  for (const { address, family } of addresses)
    if (family === 'IPv4') expect(names).toContain(`IP Address:${address}`)
  expect(names).not.toContain('0.0.0.0')
})

interface Asked {
  /** What the client calls the org. */
  readonly name?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly of?: Sandbox
  readonly ca?: string
}

/** Asks the org by a name, whatever DNS says of it, and trusts its authority alone. */
function ask({
  name = '127.0.0.1',
  path = '/healthz',
  headers = {},
  of: { url, caCertificate } = sandbox,
  ca = caCertificate ?? '',
}: Asked): Promise<{ status: number; headers: Record<string, unknown> }> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const names = name === '127.0.0.1' ? {} : { servername: name }
    const host = `${name}:${port}`
    request({ host: '127.0.0.1', port, path, ca, agent: false, ...names, headers: { host, ...headers } })
      .on('response', (answer) => {
        answer.resume()
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers })
      })
      .on('error', reject)
      .end()
  })
}

describe('an org that speaks TLS', () => {
  test('says so in its issuer, and signs people in', async () => {
    expect(sandbox.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(decodeJwt(await sandbox.userToken({ login: 'alice@example.com' })).iss).toBe(
      `${sandbox.url}/oauth2/default`,
    )
  })

  test.each(['127.0.0.1', 'localhost', 'okta.localhost', 'a.b.localhost'])(
    'proves to be %s, to whoever trusts its authority',
    async (name) => {
      expect((await ask({ name })).status).toBe(200)
    },
  )

  test('does not prove to be anybody else, nor to whom trusts another authority', async () => {
    await expect(ask({ name: 'evil.example' })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    const { certificate: ca } = await createCertificateAuthority()
    await expect(ask({ ca })).rejects.toThrow(/certificate/)
  })

  test('is called what its base URL says, whatever it listens on', async () => {
    await using named = await createQuickSandbox({
      tls: {},
      host: '0.0.0.0',
      baseUrl: 'https://sandbox.test:8443',
    })
    const token = decodeJwt(await named.userToken({ login: 'alice@example.com' }))
    expect(token.iss).toBe('https://sandbox.test:8443/oauth2/default')
  })

  test('signs with the authority that it is given, and the certificate is good for browsers', async () => {
    const authority = await createCertificateAuthority()
    await using given = await createQuickSandbox({ tls: { authority } })
    expect(given.caCertificate).toBe(authority.certificate)
    const socket = connectTls({
      host: '127.0.0.1',
      port: Number(new URL(given.url).port),
      servername: 'x.localhost',
      ca: authority.certificate,
    })
    const { raw } = await new Promise<{ raw: Buffer }>((resolve, reject) => {
      socket.once('secureConnect', () => resolve(socket.getPeerCertificate())).once('error', reject)
    })
    socket.destroy()
    const certificate = new X509Certificate(raw)
    expect(certificate.subjectAltName).toBe('DNS:x.localhost')
    expect(certificate.ca).toBe(false)
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000
    expect(days).toBeLessThanOrEqual(398)
    const root = new X509Certificate(authority.certificate)
    expect([root.ca, certificate.verify(root.publicKey)]).toEqual([true, true])
  })

  test('lets its own pages call it, by every name, and not those that plain http brought', async () => {
    const { port } = new URL(sandbox.url)
    const origin = (scheme: string) => ({ origin: `${scheme}://okta.localhost:${port}` })
    expect((await ask({ name: 'okta.localhost', headers: origin('https') })).status).toBe(200)
    expect((await ask({ name: 'okta.localhost', headers: origin('http') })).status).toBe(403)
  })

  test('answers no other Host', async () => {
    expect((await ask({ name: 'localhost', headers: { host: 'evil.example' } })).status).toBe(403)
  })

  test('is not ended by what is no TLS, or by many names', async () => {
    const { port } = new URL(sandbox.url)
    for (const text of ['GET / HTTP/1.1\r\nhost: localhost\r\n\r\n', '\x16\x03\x01\x00\x05nonsense']) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text, () => socket.destroy()))
        socket.on('error', () => {}).on('close', () => resolve())
      })
    }
    for (let index = 0; index < 101; index++)
      expect((await ask({ name: `n${index}.localhost` })).status).toBe(200)
    // That is a hundred keys, certificates and handshakes.
  }, 60_000)

  test('stops at once, though a client is amid its handshake', async () => {
    const stopped = await createQuickSandbox({ tls: {} })
    const socket = connect(Number(new URL(stopped.url).port), '127.0.0.1').on('error', () => {})
    const gone = once(socket, 'close')
    await new Promise<void>((resolve) => socket.write('\x16', () => resolve()))
    // It is known to the org before one that comes later is answered.
    expect((await ask({ of: stopped })).status).toBe(200)
    await stopped.close()
    await gone
  })

  test.each([
    [{ baseUrl: 'http://sandbox:8443', tls: {} }, /baseUrl: expected https/],
    [{ tls: { authority: { certificate: 'x', privateKey: 'y' } } }, /tls\.authority: expected a certificate/],
    [{ tls: true }, /tls: expected an object/],
  ])('is refused: %j', async (options, message) => {
    // @ts-expect-error: what a program without types may say
    await expect(createSandbox(options)).rejects.toThrow(message)
  })

  test('is refused with the certificate of one authority and the key of another, or one of no authority', async () => {
    const [one, other] = [await createCertificateAuthority(), await createCertificateAuthority()]
    const mixed = { certificate: one.certificate, privateKey: other.privateKey }
    await expect(createSandbox({ tls: { authority: mixed } })).rejects.toThrow(/expected a certificate and/)
  })
})

test('what is in front may speak TLS instead; where a request came from, no header of it says', async () => {
  const port = await freePort()
  await using behind = await createQuickSandbox({ port, baseUrl: 'https://okta.example' })
  const { iss } = decodeJwt(await behind.userToken({ login: 'alice@example.com' }))
  expect(iss).toBe('https://okta.example/oauth2/default')
  const [{ clientId }] = defaultOrg.apps
  const redirectUri = 'http://localhost:3000/callback'
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: 's',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  const callback = await signIn({
    authorizationUrl: `http://localhost:${port}/oauth2/default/v1/authorize?${query}`,
    login: 'alice@example.com',
    fetch: (url, init) => {
      const headers = new Headers(init?.headers)
      headers.set('x-forwarded-proto', 'https')
      headers.set('x-forwarded-host', 'evil.example')
      return fetch(url, { ...init, headers })
    },
  })
  expect(callback.href).toMatch(/^http:\/\/localhost:3000\/callback\?code=/)
})
