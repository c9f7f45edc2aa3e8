import type { Json, JsonObject } from '@behalf/core'
import { isJsonObject } from '@behalf/core/internal'
import { CommandError } from '../terminal/command.ts'
import type { OktaCredentials } from './credentials.ts'

/**
 * The management API of an org, as JSON: the official SDK authenticates, signs and waits when the org limits the
 * rate, but its models are not used, because they drop the members that they do not know.
 *
 * Every call throws a {@link CommandError} that says what Okta refused, and ends after 30 seconds.
 */
export interface ManagementApi {
  readonly orgUrl: string
  get(path: string): Promise<JsonObject>
  /** All members of a collection, whatever the number of pages; undefined members are none. */
  list(path: string): Promise<readonly JsonObject[]>
  post(path: string, body?: JsonObject): Promise<JsonObject>
  put(path: string, body: JsonObject): Promise<JsonObject>
  delete(path: string): Promise<void>
}

const timeoutMs = 30_000
const maxPages = 100
const scopes = [
  'okta.inlineHooks.manage',
  'okta.authorizationServers.manage',
  'okta.apps.manage',
  'okta.logs.read',
]

/** Connects to an org. The SDK, 25 MB of it, is loaded only now; nothing is requested yet. */
export async function connectToOkta(credentials: OktaCredentials): Promise<ManagementApi> {
  const { orgUrl } = credentials
  const { default: okta } = await import('@okta/okta-sdk-nodejs')
  const client = new okta.Client({
    orgUrl,
    ...sdkCredentials(credentials),
    // The SDK would answer from memory what another administrator has changed since.
    cacheMiddleware: null,
    requestExecutor: new okta.DefaultRequestExecutor({ maxRetries: 2, requestTimeout: timeoutMs }),
  })
  const call = async (
    method: string,
    url: string,
    body?: JsonObject,
  ): Promise<{ document: Json; next: string | undefined }> => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const request = { url, method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    try {
      const response = await client.http.http(url, request)
      const text: string = await response.text()
      return {
        document: text === '' ? {} : JSON.parse(text),
        next: nextPage(response.headers.get('link'), orgUrl),
      }
    } catch (error) {
      throw explainRefusal(error, method, url, orgUrl)
    }
  }
  const object = async (method: string, path: string, body?: JsonObject): Promise<JsonObject> => {
    const { document } = await call(method, `${orgUrl}${path}`, body)
    if (!isJsonObject(document))
      throw new CommandError(`Okta answered ${method} ${path} with something that is no object`)
    return document
  }
  return {
    orgUrl,
    get: (path) => object('GET', path),
    async list(path) {
      const members: JsonObject[] = []
      let url: string | undefined = `${orgUrl}${path}`
      for (let page = 0; url !== undefined && page < maxPages; page++) {
        const { document, next }: { document: Json; next: string | undefined } = await call('GET', url)
        if (!Array.isArray(document))
          throw new CommandError(`Okta answered GET ${path} with something that is no list`)
        members.push(...document.filter(isJsonObject))
        url = next
      }
      return members
    },
    post: (path, body) => object('POST', path, body),
    put: (path, body) => object('PUT', path, body),
    async delete(path) {
      await call('DELETE', `${orgUrl}${path}`)
    },
  }
}

/** Names every member, so that the SDK takes none from its own files and variables. */
function sdkCredentials(credentials: OktaCredentials): {
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
        scopes,
      }
}

/** The next page, if it is one of the same org: the credentials go nowhere else. */
function nextPage(link: string | null, orgUrl: string): string | undefined {
  const [, url] = /<([^>]+)>; rel="next"/.exec(link ?? '') ?? []
  return url?.startsWith(`${orgUrl}/`) ? url : undefined
}

function explainRefusal(error: unknown, method: string, url: string, orgUrl: string): CommandError {
  const path = new URL(url).pathname
  const { status, errorCode, errorSummary, errorCauses } = Object(error)
  if (typeof status !== 'number')
    return new CommandError(
      `${orgUrl} could not be asked for ${path}; check OKTA_ORG_URL, the credentials and the way to it`,
    )
  const causes = Array.isArray(errorCauses) ? errorCauses.map((cause) => Object(cause).errorSummary) : []
  const told = [errorSummary, ...causes].filter((text) => typeof text === 'string' && text !== '').join('; ')
  const advice =
    {
      401: '; check OKTA_API_TOKEN or the key of OKTA_CLIENT_ID',
      403: '; the credentials lack the permission, see behalf provision --help',
      429: '; try again in a minute',
    }[status] ?? ''
  return new CommandError(
    `Okta refused ${method} ${path}: ${status} ${errorCode ?? ''} ${told}`.trimEnd() + advice,
  )
}
