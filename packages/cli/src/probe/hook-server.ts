import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { JsonObject } from '@behalf/core'
import { isJsonObject, parseStrictJson } from '@behalf/core/internal'
import { type Reply, startService } from '../dev/server.ts'
import { whenListening } from '../serve/listening.ts'

/** The hook of a probe: it answers what it is told to, and keeps what it was sent. */
export interface ProbeHook {
  /** Where it listens. */
  readonly origin: string
  /** Where it is behind an origin. */
  readonly path: string
  /** What Okta sends in the header `Authorization`. */
  readonly secret: string
  /** What `GET` on its path answers: that a URL ends here. */
  readonly nonce: string
  /** What it answers from now on. It denies whatever it is asked before. */
  answer(commands: readonly JsonObject[]): void
  /** The event that it was sent since it was told what to answer. */
  takeEvent(): JsonObject | undefined
  stop(): Promise<void>
}

const maxEventBytes = 262_144
const maxJsonDepth = 32

/** Starts the hook on loopback. */
export async function startProbeHook(port: number): Promise<ProbeHook> {
  const path = '/behalf-probe'
  const [secret, nonce] = [randomBytes(32).toString('base64url'), randomBytes(12).toString('base64url')]
  let answer: object = { error: { errorSummary: 'no experiment is under way' } }
  let event: JsonObject | undefined
  const handle = async (request: IncomingMessage, { pathname }: URL): Promise<Reply> => {
    if (pathname !== path) return { status: 404, body: {} }
    if (request.method === 'GET') return { status: 200, body: { nonce } }
    if (!isSame(request.headers.authorization ?? '', secret))
      return { status: 200, body: { error: { errorSummary: 'the caller is not the org that is probed' } } }
    const parsed = parseStrictJson(await readEvent(request), maxJsonDepth)
    event = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}
    return { status: 200, body: answer }
  }
  const service = await whenListening(() => startService(port, handle, () => {}))
  return {
    origin: service.origin,
    path,
    secret,
    nonce,
    answer(commands) {
      answer = { commands }
      event = undefined
    },
    takeEvent: () => event,
    stop: () => service.stop(),
  }
}

async function readEvent(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.byteLength
    if (size > maxEventBytes) return ''
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}

function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.byteLength === b.byteLength && timingSafeEqual(a, b)
}
