import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiFault } from './api-fault.ts'
import { replyJson } from './reply.ts'

/** Says that the org takes requests, and that it is no real one. Not part of Okta. */
export function answerHealth({ method }: IncomingMessage, response: ServerResponse): void {
  if (method === 'GET' || method === 'HEAD') {
    replyJson(response, 200, { status: 'ok', service: 'sandbox' })
    return
  }
  const { status, body } = new ApiFault('E0000022', 'The endpoint does not support the provided HTTP method')
  replyJson(response.setHeader('allow', 'GET, HEAD'), status, body)
}
