import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { createQuickSandbox } from './quick-sandbox.ts'

const apiA = '0oaApiA0000000000001'
const resource = 'https://orders.example'
const secret = 'hook-secret-0123456789'

/** A hook that publishes something as its keys, and keeps what it was asked. */
async function startHook(keys: { readonly status: number; readonly body: string }) {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    if (request.url === '/.well-known/jwks.json') {
      response.writeHead(keys.status, { 'content-type': 'application/json' }).end(keys.body)
      return
    }
    let body = ''
    for await (const chunk of request) body += String(chunk)
    asked.push(new URL(JSON.parse(body).data.context.request.url.value, 'http://okta').search)
    response.setHeader('content-type', 'application/json').end('{"commands":[]}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked }
}

async function tryIt(hookUrl: string) {
  const sandbox = await createQuickSandbox({ hook: { uri: `${hookUrl}/inline-hook`, secret } })
  onTestFinished(() => sandbox.close())
  const answer = await fetch(`${sandbox.url}/api/behalf/exchanges`, {
    method: 'POST',
    headers: { origin: sandbox.url },
    body: JSON.stringify({ login: 'alice@example.com', clientId: apiA, resource, scopes: ['orders:read'] }),
  })
  const { presented } = Object(await answer.json())
  return { status: answer.status, presented, sandbox }
}

test('Try it seals for the key that the hook publishes, for client, server and resource', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'seal-1', use: 'enc' }
  const signing = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'signs', use: 'sig' }
  const hook = await startHook({ status: 200, body: JSON.stringify({ keys: [signing, jwk] }) })
  const { presented, sandbox } = await tryIt(hook.url)
  expect(presented).toBe("sealed for the hook's key seal-1")
  const query = new URLSearchParams(hook.asked[0])
  expect([...query.keys()]).toEqual(['assertion'])
  const { plaintext, protectedHeader } = await compactDecrypt(query.get('assertion') ?? '', privateKey)
  expect(protectedHeader).toEqual({
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    kid: 'seal-1',
    typ: 'sealed-assertion+jwt',
    epk: expect.anything(),
  })
  const { assertion, ...said } = JSON.parse(new TextDecoder().decode(plaintext))
  expect(said).toEqual({
    client_id: apiA,
    aud: sandbox.servers[0]?.issuer,
    resource,
    iat: expect.any(Number),
    jti: expect.any(String),
  })
  expect(assertion.split('.')).toHaveLength(3)
  expect(JSON.stringify(sandbox.systemLog.events())).not.toContain(assertion)
})

const usable = { kty: 'EC', crv: 'P-256', use: 'enc', kid: 'seal-1', ...pointOf() }

/** A point of the curve, as a key has it. */
function pointOf() {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  })
  return { x, y }
}

test.each([
  ['answers 404', { status: 404, body: '{}' }],
  ['has other keys', { status: 200, body: '{"keys":[{"kty":"RSA","use":"sig","kid":"a"}]}' }],
  ['has something else there', { status: 200, body: '<html>' }],
  ['sends too much', { status: 200, body: JSON.stringify({ keys: [usable], pad: 'x'.repeat(100_000) }) }],
  ['sends elsewhere', { status: 302, body: '' }],
])('and says where it looked when the hook %s', async (_, keys) => {
  const hook = await startHook(keys)
  const { status, presented } = await tryIt(hook.url)
  expect([status, presented]).toEqual([
    201,
    `as it is, because the hook publishes no key at ${hook.url}/.well-known/jwks.json`,
  ])
  const query = new URLSearchParams(hook.asked[0])
  expect(query.get('assertion')?.split('.')).toHaveLength(3)
  expect(query.get('assertion_resource')).toBe(resource)
})
