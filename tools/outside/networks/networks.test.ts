import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { delegatedClaims, generateSigningKey, signJwt, userClaims } from '@behalf/testing'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { compile, compileRecipes } from '../recipes.ts'
import { makeCertificates } from './certificates.ts'
import { startProxy } from './proxy.ts'

const folder = 'tools/outside/networks'
let recipes: ReadonlyMap<string, string> = new Map()

beforeAll(() => {
  installOnDemand(folder)
  recipes = compileRecipes('docs/networks.md', folder)
}, 180_000)

/** An org and API B behind a certificate that nobody knows, and a proxy that leads to them. */
async function start() {
  const certificates = makeCertificates()
  onTestFinished(() => certificates[Symbol.dispose]())
  const { key: tlsKey, certificate } = certificates
  const key = generateSigningKey()
  const nowSeconds = Math.floor(Date.now() / 1000)
  const server = createServer({ key: tlsKey, cert: certificate }, async (request, response) => {
    const answer = (body: object) => response.end(JSON.stringify(body))
    if (request.url?.includes('/.well-known/'))
      answer({ issuer, jwks_uri: `${issuer}/v1/keys`, token_endpoint: `${issuer}/v1/token` })
    else if (request.url?.endsWith('/v1/keys')) answer({ keys: [key.jwk] })
    else if (request.url === '/orders') {
      const body = (await request.setEncoding('utf8').toArray()).join('')
      response.end(`${request.method} ${body} ${request.headers.authorization === `Bearer ${delegated}`}`)
    } else answer({ access_token: delegated, token_type: 'Bearer', expires_in: 300 })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const origin = `https://localhost:${typeof address === 'object' ? address?.port : ''}`
  const issuer = `${origin}/oauth2/default`
  const own = { ...userClaims(nowSeconds), iss: issuer }
  const delegated = signJwt(key, delegatedClaims(nowSeconds, { iss: issuer, assertion: own }))
  const proxy = await startProxy()
  onTestFinished(() => proxy.close())

  return {
    authorityFile: certificates.authorityFile,
    proxy,
    host: new URL(origin).host,
    async run(environment: Readonly<Record<string, string>>, recipe?: string) {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(root, folder, 'program.mjs'), ...(recipe === undefined ? [] : [recipe])],
        { env: { ISSUER: issuer, ASSERTION: signJwt(key, own), DELEGATED: delegated, ...environment } },
      )
      return JSON.parse(stdout)
    },
  }
}

const works = { keys: 'loaded', subject: 'ann@example.com', orders: 'POST an order true' }

test('an authority that is not known is named by its code, with the remedy', async () => {
  const { run } = await start()
  const { keys, orders } = await run({})
  expect(keys).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/)
  expect(keys).toContain('NODE_EXTRA_CA_CERTS')
  expect(orders).toContain('NODE_EXTRA_CA_CERTS')
})

test('NODE_EXTRA_CA_CERTS makes it known, and nothing goes through a proxy that nobody asked for', async () => {
  const { run, authorityFile, proxy } = await start()
  const environment = { NODE_EXTRA_CA_CERTS: authorityFile, HTTPS_PROXY: proxy.origin }
  expect(await run(environment)).toEqual(works)
  expect(proxy.tunnels).toEqual([])
})

describe('everything goes through the proxy', () => {
  test('with NODE_USE_ENV_PROXY', async () => {
    const { run, authorityFile, proxy, host } = await start()
    const environment = { NODE_EXTRA_CA_CERTS: authorityFile, HTTPS_PROXY: proxy.origin }
    expect(await run({ ...environment, NODE_USE_ENV_PROXY: '1' })).toEqual(works)
    expect(new Set(proxy.tunnels)).toEqual(new Set([host]))
  })

  test.each(['undici', 'node-fetch'])('with %s', async (name) => {
    const { run, authorityFile, proxy, host } = await start()
    const environment = { NODE_EXTRA_CA_CERTS: authorityFile, HTTPS_PROXY: proxy.origin }
    expect(await run(environment, recipes.get(name))).toEqual(works)
    expect(new Set(proxy.tunnels)).toEqual(new Set([host]))
  })

  test('with undici, and the authority named in the code', async () => {
    const { run, authorityFile, proxy, host } = await start()
    const environment = { CA_FILE: authorityFile, PROXY_URL: proxy.origin }
    expect(await run(environment, recipes.get('undici-authority'))).toEqual(works)
    expect(new Set(proxy.tunnels)).toEqual(new Set([host]))
  })
})

test.each([[['es2024']], [['es2024', 'dom']]])(
  'the fetch of each undici fits both SDKs, with lib %s',
  (lib) => {
    const fits = ['undici-6', 'undici', 'undici-8'].map((name) => {
      return `import { fetch } from '${name}'
      createVerifier({ issuer: '', audience: '', fetch })
      createClient({ issuer: '', clientId: '', auth: clientSecretBasic(''), fetch })`
    })
    const imports = `import { clientSecretBasic, createClient } from '@behalf/client'
    import { createVerifier } from '@behalf/verify'`
    const modules = Object.fromEntries(fits.map((code, index) => [`fits-${index}`, `${imports}\n${code}`]))
    expect(() => compile(modules, folder, lib)).not.toThrow()
    const nodeFetch = `${imports}\nimport fetch from 'node-fetch'\ncreateVerifier({ issuer: '', audience: '', fetch })`
    expect(() => compile({ 'node-fetch': nodeFetch }, folder, lib)).toThrow(/getReader|body/)
  },
)
