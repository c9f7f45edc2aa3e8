import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExchangeWish, parseWish } from '../exchanges/exchange-wish.ts'
import { textWithoutTokens, withoutTokens } from '../exchanges/redaction.ts'
import { clearFaults, injectFault } from '../faults/inject-fault.ts'
import { parseFault } from '../faults/parse-fault.ts'
import { ApiFault, notFound } from '../http/api-fault.ts'
import { replyJson } from '../http/reply.ts'
import { readBody } from '../http/request-body.ts'
import type { LiveOrg } from '../live-org.ts'
import { matchPath } from '../management/route.ts'
import { isJsonObject } from '../org/json.ts'
import { UnusableValue } from '../shape/check.ts'
import { isPage, replyPage } from './assets.ts'
import { EventStream } from './event-stream.ts'
import { summariseOrg } from './org-summary.ts'
import { requireOwnPage } from './own-pages-only.ts'

/** The page at `/`, and what it is made of: the stream of exchanges and a few things to do. */
export interface Page {
  serves(path: string): boolean
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>
}

/** What the page lets people do that the org alone cannot. */
export interface PageActions {
  signIn(login: string): Promise<unknown>
  /** @returns how the assertion was presented, in words */
  exchange(wish: ExchangeWish): Promise<string>
}

interface PageRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  param(name: string): string
  /** Reads the JSON of the body. */
  body(): Promise<unknown>
}

interface PageRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  handle(asked: PageRequest): void | Promise<void>
}

const root = '/api/behalf'

/** Creates the page of an org. */
export function createPage(org: LiveOrg, actions: PageActions): Page {
  const routes = [...exchangeRoutes(org), ...doingRoutes(org, actions)]
  return {
    serves: (path) => isPage(path) || path.startsWith(`${root}/`),
    async handle(request, response, path) {
      try {
        if (isPage(path)) {
          if (request.method !== 'GET' && request.method !== 'HEAD') throw wrongMethod()
          return await replyPage(response, path)
        }
        requireOwnPage(request, org.url)
        response.setHeader('x-content-type-options', 'nosniff')
        response.setHeader('cross-origin-resource-policy', 'same-origin')
        await dispatch(routes, request, response, path)
      } catch (error) {
        const fault = asFault(error)
        replyJson(response, fault.status, fault.body)
      }
    },
  }
}

async function dispatch(
  routes: readonly PageRoute[],
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })
  const match = matches.find(({ route }) => route.method === request.method)
  if (match === undefined) throw matches.length === 0 ? notFound(path, 'Resource') : wrongMethod()
  const [, search = ''] = /\?(.*)$/.exec(request.url ?? '') ?? []
  await match.route.handle({
    request,
    response,
    query: new URLSearchParams(search),
    param: (name) => match.params.get(name) ?? '',
    body: async () => parse(await readBody(request)),
  })
}

/** What has happened: the documented stream, and the hook's papers to download. */
function exchangeRoutes({ exchanges, policyBoard }: LiveOrg): readonly PageRoute[] {
  const stream = new EventStream(exchanges, policyBoard)
  const paperOf = (id: string, kind: 'request' | 'answer'): string => {
    const paper = exchanges.papersOf(id)?.[kind]
    if (paper === undefined) throw notFound(id, 'Exchange with such a document')
    return paper
  }
  const replyPaper = (response: ServerResponse, id: string, kind: string, text: string): void => {
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'content-disposition': `attachment; filename="${id}-hook-${kind}.json"`,
        'cache-control': 'no-cache, no-store',
      })
      .end(text)
  }
  return [
    {
      method: 'GET',
      path: `${root}/exchanges`,
      handle({ request, response, query }) {
        const after = revisionOf(request.headers['last-event-id'] ?? query.get('after'))
        if (request.headers.accept?.includes('text/event-stream')) stream.open(request, response, after)
        else replyJson(response, 200, exchanges.since(after))
      },
    },
    {
      method: 'GET',
      path: `${root}/exchanges/:id`,
      handle({ response, param }) {
        const found = exchanges.find(param('id'))
        if (found === undefined) throw notFound(param('id'), 'Exchange')
        replyJson(response, 200, found)
      },
    },
    {
      method: 'GET',
      path: `${root}/exchanges/:id/hook-request`,
      handle({ response, param }) {
        const id = param('id')
        const text = paperOf(id, 'request')
        // A seal is worthless to whoever reads it here; a bare assertion is the user's live token.
        const isSealed = exchanges.find(id)?.assertion?.kind === 'encrypted'
        replyPaper(response, id, 'request', isSealed ? text : redacted(text))
      },
    },
    {
      method: 'POST',
      path: `${root}/exchanges/:id/hook-request`,
      handle({ response, param }) {
        replyPaper(response, param('id'), 'request', paperOf(param('id'), 'request'))
      },
    },
    {
      method: 'GET',
      path: `${root}/exchanges/:id/hook-answer`,
      handle({ response, param }) {
        replyPaper(response, param('id'), 'answer', redacted(paperOf(param('id'), 'answer')))
      },
    },
  ]
}

/** What the page lets people see of the org and do with it. */
function doingRoutes(org: LiveOrg, actions: PageActions): readonly PageRoute[] {
  const faults = (): unknown => org.faults.active.map(({ id, fault }) => ({ id, ...fault }))
  return [
    {
      method: 'GET',
      path: `${root}/org`,
      handle({ request, response }) {
        replyJson(response, 200, summariseOrg(org, request))
      },
    },
    {
      method: 'GET',
      path: `${root}/policy`,
      handle({ response }) {
        replyJson(response, 200, org.policyBoard.shown ?? null)
      },
    },
    {
      method: 'GET',
      path: `${root}/faults`,
      handle({ response }) {
        replyJson(response, 200, faults())
      },
    },
    {
      method: 'POST',
      path: `${root}/faults`,
      async handle({ response, body }) {
        await injectFault(org, parseFault(await body()))
        replyJson(response, 201, faults())
      },
    },
    {
      method: 'DELETE',
      path: `${root}/faults/:id`,
      handle({ response, param }) {
        clearFaults(org, param('id'))
        replyJson(response, 200, faults())
      },
    },
    {
      method: 'POST',
      path: `${root}/sign-ins`,
      async handle({ response, body }) {
        const document = await body()
        const login = isJsonObject(document) ? document['login'] : undefined
        if (typeof login !== 'string') throw new TypeError('login: expected a text')
        await actions.signIn(login)
        replyJson(response, 201, {})
      },
    },
    {
      method: 'POST',
      path: `${root}/exchanges`,
      async handle({ response, body }) {
        replyJson(response, 201, { presented: await actions.exchange(parseWish(await body())) })
      },
    },
  ]
}

function asFault(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error
  // What was asked for cannot be had: the sandbox says why, as it does to programs.
  if (error instanceof UnusableValue) return refused(error.faults)
  if (error instanceof TypeError || (error instanceof Error && error.message.startsWith('the org gives')))
    return refused([error.message])
  throw error
}

function refused(causes: readonly string[]): ApiFault {
  const shown = causes.map(textWithoutTokens)
  return new ApiFault('E0000001', `Api validation failed: ${shown.join('; ')}`, shown)
}

function wrongMethod(): ApiFault {
  return new ApiFault('E0000022', 'The endpoint does not support the provided HTTP method')
}

function revisionOf(text: string | string[] | null): number {
  const revision = Number(text ?? 0)
  return Number.isSafeInteger(revision) && revision > 0 ? revision : 0
}

function redacted(text: string): string {
  const document = parse(text)
  return JSON.stringify(isJsonObject(document) ? withoutTokens(document) : {})
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiFault('E0000003', 'The request body was not well-formed.')
  }
}
