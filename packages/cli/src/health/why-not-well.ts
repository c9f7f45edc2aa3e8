import { readFile } from 'node:fs/promises'
import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { whyUnreachable } from '../okta/unreachable.ts'
import type { OwnServer } from './own-server.ts'

const timeoutMs = 3_000

/** Asks `GET /healthz` or `GET /readyz`; undefined when the answer is 200. */
export async function whyNotWell(
  { url, caFile }: OwnServer,
  path: '/healthz' | '/readyz',
): Promise<string | undefined> {
  try {
    const { statusCode } = await ask(new URL(path, url), caFile)
    return statusCode === 200 ? undefined : `it answers with status ${statusCode}`
  } catch (error) {
    return whyUnreachable(error).code
  }
}

/** `fetch` trusts no authority that it is given here. */
async function ask(url: URL, caFile: string | undefined): Promise<IncomingMessage> {
  const trusted = caFile === undefined ? {} : { ca: await readFile(caFile) }
  const options = { ...trusted, agent: false, signal: AbortSignal.timeout(timeoutMs) }
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getHttps : getHttp
    get(url, options, (answer) => resolve(answer.resume())).on('error', reject)
  })
}
