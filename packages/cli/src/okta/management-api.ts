import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { CommandError } from '../terminal/command.ts'
import type { OktaCredentials } from './credentials.ts'
import { nextPageOf } from './next-page.ts'
import { type Patience, withPatience } from './rate-limit.ts'
import { explainRefusal, OktaRefusal } from './refusal.ts'

/**
 * The management API of an org, as JSON: the official SDK authenticates and signs, but its models are not used,
 * because they drop the members that they do not know.
 *
 * Every call throws a {@link CommandError} that says what Okta refused, ends after 30 seconds, and waits up to a
 * minute when the org limits the rate.
 */
export interface ManagementApi {
  readonly orgUrl: string
  get(path: string): Promise<JsonObject>
  /** Gets what may not be there; undefined when Okta answers 404. */
  find(path: string): Promise<JsonObject | undefined>
  /** All members of a collection, whatever the number of pages; a list that is not read to its end is an error. */
  list(path: string): Promise<readonly JsonObject[]>
  post(path: string, body?: JsonObject): Promise<JsonObject>
  put(path: string, body: JsonObject): Promise<JsonObject>
  /** Deletes what is there; it does not mind that it is gone already. */
  delete(path: string): Promise<void>
  /** Asks once, and returns a refusal like any other answer. */
  ask(method: string, path: string, body?: JsonObject): Promise<ManagementAnswer>
}

/** An answer of the management API, refusals included. */
export interface ManagementAnswer {
  readonly status: number
  /** Okta's error code. */
  readonly code: string | undefined
  /** Empty when a list was answered, or nothing. */
  readonly document: JsonObject
  readonly documents: readonly JsonObject[]
  /** Whether a list goes on. */
  readonly hasNext: boolean
  header(name: string): string | undefined
}

/** What was answered, and where the list goes on. */
interface Page {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly document: Json
  readonly next: string | undefined
}

const timeoutMs = 30_000
const maxPages = 1000
/** What every command needs that changes an org. */
export const usualScopes: readonly string[] = [
  'okta.inlineHooks.manage',
  'okta.authorizationServers.manage',
  'okta.apps.manage',
  'okta.logs.read',
]

/**
 * Connects to an org. The SDK, 25 MB of it, is loaded only now; nothing is requested yet.
 *
 * @param scopes - what a service app asks for
 */
export async function connectToOkta(
  credentials: OktaCredentials,
  patience: Patience,
  scopes: readonly string[] = usualScopes,
): Promise<ManagementApi> {
  const { orgUrl } = credentials
  const { default: okta } = await import('@okta/okta-sdk-nodejs')
  const client = new okta.Client({
    orgUrl,
    ...sdkCredentials(credentials, scopes),
    // The SDK would answer from memory what another administrator has changed since.
    cacheMiddleware: null,
    // It waits without a word, and for no longer than a call may take; see withPatience.
    requestExecutor: new okta.DefaultRequestExecutor({ maxRetries: 0, requestTimeout: timeoutMs }),
  })
  let isStopped = false
  void patience.stopped?.then(() => {
    isStopped = true
  })
  const call = async (method: string, path: string, body?: JsonObject): Promise<Page> => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const what = `${method} ${path.split('?', 1)[0]}`
    const url = `${orgUrl}${path}`
    const ask = async (): Promise<Page> => {
      if (isStopped) throw new CommandError(`stopped before ${what}`)
      const request = {
        url,
        method,
        headers: { ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }
      const response = await client.http.http(url, request)
      const text: string = await response.text()
      const { status, headers: told } = response
      const document = text === '' ? {} : JSON.parse(text)
      return { status, headers: told, document, next: nextPageOf(told.get('link')) }
    }
    try {
      return await withPatience(what, patience, ask)
    } catch (error) {
      throw explainRefusal(error, what, orgUrl)
    }
  }
  const object = async (method: string, path: string, body?: JsonObject): Promise<JsonObject> => {
    const { document } = await call(method, path, body)
    if (!isJsonObject(document))
      throw new CommandError(`Okta answered ${method} ${path} with something that is no object`)
    return document
  }
  const unlessGone = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work
    } catch (error) {
      if (error instanceof OktaRefusal && error.status === 404) return undefined
      throw error
    }
  }
  return {
    orgUrl,
    get: (path) => object('GET', path),
    find: (path) => unlessGone(object('GET', path)),
    list: (path) => readWhole(path, (page) => call('GET', page)),
    post: (path, body) => object('POST', path, body),
    put: (path, body) => object('PUT', path, body),
    async delete(path) {
      await unlessGone(call('DELETE', path))
    },
    async ask(method, path, body) {
      try {
        const { status, headers, document, next } = await call(method, path, body)
        return {
          status,
          code: undefined,
          document: isJsonObject(document) ? document : {},
          documents: Array.isArray(document) ? document.filter(isJsonObject) : [],
          hasNext: next !== undefined,
          header: (name) => headers.get(name) ?? undefined,
        }
      } catch (error) {
        if (!(error instanceof OktaRefusal)) throw error
        const { status, code } = error
        return { status, code, document: {}, documents: [], hasNext: false, header: () => undefined }
      }
    },
  }
}

/** Reads a list to its end: what is missing from a list that was cut would be taken for absent, and made again. */
async function readWhole(
  path: string,
  getPage: (path: string) => Promise<Page>,
): Promise<readonly JsonObject[]> {
  const members: JsonObject[] = []
  const seen = new Set<string>()
  for (let page: string | undefined = path; page !== undefined; ) {
    if (seen.has(page) || seen.size === maxPages)
      throw new CommandError(
        `the list ${path.split('?', 1)[0]} has no end after ${seen.size} pages, and nothing is concluded from a part of it`,
      )
    seen.add(page)
    const { document, next }: Page = await getPage(page)
    if (!Array.isArray(document) || !document.every(isJsonObject))
      throw new CommandError(`Okta answered GET ${path} with something that is no list of objects`)
    for (const member of document) members.push(member)
    page = next
  }
  return members
}

/** Names every member, so that the SDK takes none from its own files and variables. */
function sdkCredentials(
  credentials: OktaCredentials,
  scopes: readonly string[],
): {
  authorizationMode: string
  token: string
  clientId: string
  privateKey: string
  keyId: string
  scopes: string[]
} {
  return 'apiToken' in credentials
    ? {
        authorizationMode: 'SSWS',
        token: credentials.apiToken,
        clientId: '',
        privateKey: '',
        keyId: '',
        scopes: [],
      }
    : {
        authorizationMode: 'PrivateKey',
        token: '',
        clientId: credentials.clientId,
        privateKey: credentials.privateKey,
        keyId: credentials.keyId ?? '',
        scopes: [...scopes],
      }
}
