import type { ServerResponse } from 'node:http'
import type { Answer } from '../issuer.ts'

/** A way in which an endpoint of an issuer can fail. */
export interface BrokenEndpoint {
  readonly name: string
  readonly answer: Answer
}

/**
 * Every way in which an issuer's keys or metadata can fail to be obtained. Anybody who asks such an endpoint
 * gets nothing to trust.
 *
 * @param elsewhere - a URL that the redirecting endpoint leads to, and that nobody must follow
 */
export function brokenEndpoints(elsewhere: string): readonly BrokenEndpoint[] {
  return [
    { name: 'down', answer: (response) => response.destroy() },
    { name: 'error 500', answer: { status: 500 } },
    { name: 'gone 404', answer: { status: 404 } },
    { name: 'garbage', answer: { body: '<html>maintenance</html>' } },
    { name: 'no keys', answer: { body: { keys: [] } } },
    { name: 'empty body', answer: { body: '' } },
    { name: 'status 204', answer: { status: 204, body: '' } },
    { name: 'not UTF-8', answer: (response) => sendJson(response, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])) },
    { name: 'too large', answer: { body: { keys: [], padding: 'x'.repeat(300_000) } } },
    { name: 'endless', answer: endless },
    { name: 'dripping', answer: dripping },
    { name: 'reset mid-body', answer: resetMidBody },
    { name: 'redirecting', answer: (response) => response.writeHead(302, { location: elsewhere }).end() },
    { name: 'hanging', answer: hang },
    { name: 'hanging after the headers', answer: (response) => json(response).flushHeaders() },
  ]
}

/** Answers late, and rightly. */
export function slow(delayMs: number, body: () => unknown): Answer {
  return (response) => {
    const timer = setTimeout(() => sendJson(response, Buffer.from(JSON.stringify(body()))), delayMs)
    response.once('close', () => clearTimeout(timer))
  }
}

function json(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'application/json' })
}

function sendJson(response: ServerResponse, body: Buffer): void {
  json(response).end(body)
}

function hang(): void {
  // The connection stays open until the caller gives up.
}

/** As fast as it is read, so that only a bound on the size ends it. */
function endless(response: ServerResponse): void {
  json(response)
  const chunk = Buffer.alloc(16_384, '[')
  const push = (): void => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', push)
  push()
}

/** So slowly that only a bound on the time ends it. */
function dripping(response: ServerResponse): void {
  json(response)
  const timer = setInterval(() => response.write(' '), 50)
  response.once('close', () => clearInterval(timer))
}

function resetMidBody(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 })
  response.write('{"keys":[', () => response.destroy())
}
