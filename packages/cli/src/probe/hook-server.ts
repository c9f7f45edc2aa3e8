import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { JsonObject } from '@behalf/core'
import { isJsonObject, parseStrictJson } from '@behalf/core/internal'
import { CommandError } from '../terminal/command.ts'
import type { HookAnswer } from './question.ts'
import { isSameSecret } from './same-secret.ts'

/** What a hook was sent since it was last told something. */
export interface SeenByHook {
  /** The event of the last call since it was told what to answer; undefined when it was not called. */
  readonly event: JsonObject | undefined
  /** The names of that call's headers. */
  readonly headerNames: readonly string[]
  /** What its token endpoint was sent since it was told how to issue tokens. */
  readonly tokenRequests: readonly Readonly<Record<string, string>>[]
}

/** How the token endpoint that belongs to a hook answers. */
export interface IssuedTokens {
  /** Said when it is given. */
  readonly expiresInSeconds?: number
  /** How long it waits. Default 0. */
  readonly delayMs?: number
}

/** The hook of a probe: it answers what it is told to, and keeps what it was sent. */
export interface ProbeHook {
  /** What Okta sends in the header `Authorization`. */
  readonly secret: string
  /** Tells it what to answer from now on. It denies whatever it is asked before. */
  answer(answer: HookAnswer): Promise<void>
  /** Tells it how to issue the tokens that Okta calls it with where it is secured with OAuth. */
  issueTokens(how: IssuedTokens): Promise<void>
  seen(): Promise<SeenByHook>
}

/** A hook that this process serves. */
export interface ServedHook extends ProbeHook {
  readonly origin: string
  readonly nonce: string
  stop(): Promise<void>
}

/** Where the hook is behind an origin. Its token endpoint is below, at `/token`, and what steers it at `/control`. */
export const hookPath = '/behalf-probe'

const maxBytes = 262_144
const maxJsonDepth = 32
const maxTokenRequests = 100

/** How a hook is served. */
export interface HookServing {
  readonly port: number
  /** Default: loopback. */
  readonly host?: string
  /** What Okta sends, and who steers it from elsewhere. Default: new ones that nobody else has. */
  readonly secrets?: { readonly hook: string; readonly control: string }
}

/** Serves the hook. @throws CommandError when it cannot listen */
export async function serveProbeHook({
  port,
  host = '127.0.0.1',
  secrets,
}: HookServing): Promise<ServedHook> {
  const { hook: secret, control } = secrets ?? { hook: newSecret(), control: newSecret() }
  const [nonce, bearer] = [randomBytes(12).toString('base64url'), newSecret()]
  let answer: HookAnswer = { body: denial('no experiment is under way') }
  let tokens: IssuedTokens = {}
  let event: JsonObject | undefined
  let headerNames: readonly string[] = []
  let tokenRequests: readonly Readonly<Record<string, string>>[] = []
  const hook: ProbeHook = {
    secret,
    async answer(wanted) {
      answer = wanted
      event = undefined
      headerNames = []
    },
    async issueTokens(how) {
      tokens = how
      tokenRequests = []
    },
    seen: async () => ({ event, headerNames, tokenRequests }),
  }
  const routes: Readonly<Record<string, (request: IncomingMessage) => Promise<HookAnswer>>> = {
    [`GET ${hookPath}`]: async () => ({ body: JSON.stringify({ nonce }) }),
    async [`POST ${hookPath}`](request) {
      const given = request.headers.authorization ?? ''
      if (!isSameSecret(given, secret) && !isSameSecret(given, `Bearer ${bearer}`))
        return { body: denial('the caller is not the org that is probed') }
      event = await readObject(request)
      headerNames = Object.keys(request.headers)
      return answer
    },
    async [`POST ${hookPath}/token`](request) {
      const form = new URLSearchParams(await readText(request))
      if (tokenRequests.length < maxTokenRequests)
        tokenRequests = [...tokenRequests, Object.fromEntries(form)]
      const { expiresInSeconds, delayMs = 0 } = tokens
      const lifetime = expiresInSeconds === undefined ? {} : { expires_in: expiresInSeconds }
      return { body: JSON.stringify({ access_token: bearer, token_type: 'Bearer', ...lifetime }), delayMs }
    },
    async [`GET ${hookPath}/control`](request) {
      requireControl(request, control)
      return { body: JSON.stringify(await hook.seen()) }
    },
    async [`POST ${hookPath}/control`](request) {
      requireControl(request, control)
      const { answer: wanted, tokens: how } = await readObject(request)
      if (isJsonObject(wanted)) await hook.answer(answerOf(wanted))
      if (isJsonObject(how)) await hook.issueTokens(issuedOf(how))
      return { body: '{}' }
    },
  }
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1)
    const handle = routes[`${request.method} ${path}`]
    respond(response, handle === undefined ? notFound : handle(request)).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CommandError(`the hook cannot listen on port ${port}: ${error.code ?? 'unknown'}`)),
    )
    server.listen(port, host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the hook listens on no port')
  return {
    ...hook,
    origin: `http://127.0.0.1:${address.port}`,
    nonce,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

const notFound: Promise<HookAnswer> = Promise.resolve({ status: 404, body: '{}' })

class NotInControl extends Error {}

async function respond(response: ServerResponse, work: Promise<HookAnswer>): Promise<void> {
  const {
    status = 200,
    contentType = 'application/json',
    body,
    delayMs = 0,
  } = await work.catch(
    (error: unknown): HookAnswer => ({ status: error instanceof NotInControl ? 401 : 400, body: '{}' }),
  )
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
  response.writeHead(status, { 'content-type': contentType }).end(body)
}

function requireControl({ headers }: IncomingMessage, control: string): void {
  if (!isSameSecret(headers.authorization ?? '', `Bearer ${control}`)) throw new NotInControl()
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.byteLength
    if (size > maxBytes) throw new Error('the body is too long')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}

async function readObject(request: IncomingMessage): Promise<JsonObject> {
  const parsed = parseStrictJson(await readText(request), maxJsonDepth)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
}

function answerOf({ status, contentType, body, delayMs }: JsonObject): HookAnswer {
  return {
    body: typeof body === 'string' ? body : denial('no experiment is under way'),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(typeof delayMs === 'number' ? { delayMs } : {}),
  }
}

function issuedOf({ expiresInSeconds, delayMs }: JsonObject): IssuedTokens {
  return {
    ...(typeof expiresInSeconds === 'number' ? { expiresInSeconds } : {}),
    ...(typeof delayMs === 'number' ? { delayMs } : {}),
  }
}

function denial(errorSummary: string): string {
  return JSON.stringify({ error: { errorSummary } })
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
