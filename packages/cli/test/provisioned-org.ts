import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { defaultApiToken, type Sandbox } from '@behalf/sandbox'
import { expect } from 'vitest'
import { main } from '../src/index.ts'
import './okta-sdk-loaded.ts'
import { type RecordedTerminal, recordedTerminal } from './recorded-terminal.ts'

/** Runs `behalf provision` against an org, with an API token unless told otherwise. */
export async function provision(
  org: Pick<Sandbox, 'url'>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = { OKTA_API_TOKEN: defaultApiToken },
  answers?: Readonly<Record<string, string>>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const terminal = recordedTerminal({
    env: { OKTA_ORG_URL: org.url, ...env },
    ...(answers === undefined ? {} : { answers }),
  })
  return runIn(terminal, args)
}

/** Runs `behalf provision` in a terminal that the test looks at meanwhile. */
export async function runIn(
  terminal: RecordedTerminal,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const code = await main(['provision', ...args], terminal)
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') }
}

/** Lists what an org has. */
export async function get(org: Pick<Sandbox, 'url'>, path: string): Promise<JsonObject[]> {
  const body: unknown = await (await call(org, 'GET', path)).json()
  return Array.isArray(body) ? body.filter(isJsonObject) : []
}

/** Changes something in an org, as an administrator would. */
export async function send(
  org: Pick<Sandbox, 'url'>,
  method: string,
  path: string,
  body: JsonObject = {},
): Promise<JsonObject> {
  const response = await call(org, method, path, body)
  expect([method, path, response.ok]).toEqual([method, path, true])
  const text = await response.text()
  return text === '' ? {} : Object(JSON.parse(text))
}

function call(
  { url }: Pick<Sandbox, 'url'>,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<Response> {
  const headers = { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' }
  return fetch(`${url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** What stands between the command and an org. */
export interface Front extends AsyncDisposable {
  readonly url: string
  /** The calls, such as `GET /api/v1/apps`, in their order. */
  readonly calls: readonly string[]
}

/**
 * Stands in front of a sandbox and lets a test count calls, cut lists into pages, and break a call off.
 *
 * @param options.pageSize - how many members a page has
 * @param options.breaks - a call that is not passed on: its connection is closed
 */
export async function standInFront(
  { url: target }: Pick<Sandbox, 'url'>,
  options: { readonly pageSize?: number; readonly breaks?: (call: string) => boolean } = {},
): Promise<Front> {
  const { pageSize = Number.POSITIVE_INFINITY, breaks = () => false } = options
  const calls: string[] = []
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://front')
    const made = `${request.method} ${url.pathname}`
    calls.push(made)
    if (breaks(made)) return response.destroy()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const start = Number(url.searchParams.get('front') ?? 0)
    url.searchParams.delete('front')
    const answer = await fetch(`${target}${url.pathname}${url.search}`, {
      method: request.method ?? 'GET',
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': request.headers['content-type'] ?? 'application/json',
      },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    })
    const text = await answer.text()
    const list: unknown = text.startsWith('[') ? JSON.parse(text) : undefined
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (!Array.isArray(list) || url.pathname === '/api/v1/logs')
      return response.writeHead(answer.status, headers).end(text)
    const end = start + pageSize
    if (end < list.length) {
      url.searchParams.set('front', String(end))
      headers['link'] = `<https://other-name.example${url.pathname}${url.search}>; rel="next"`
    }
    return response.writeHead(answer.status, headers).end(JSON.stringify(list.slice(start, end)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the front has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
