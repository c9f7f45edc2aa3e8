import type { IncomingMessage } from 'node:http'
import { readBody, withBody } from '../http/request-body.ts'

/**
 * Returns a request whose parameters were changed before the protocol sees them, in the query and in a form; other
 * bodies stay as they are.
 *
 * @param adjust - changes the parameters in place, and says what it found in them
 * @throws BodyTooLarge when the body is larger than what is read
 */
export async function adjustRequest<Found>(
  request: IncomingMessage,
  adjust: (query: URLSearchParams, form: URLSearchParams) => Found | Promise<Found>,
): Promise<{ readonly adjusted: IncomingMessage; readonly found: Found }> {
  const [path = '', ...search] = (request.url ?? '').split('?')
  const query = new URLSearchParams(search.join('?'))
  const hasBody = request.method === 'POST'
  const text = hasBody ? await readBody(request) : ''
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')
  const form = new URLSearchParams(isForm ? text : '')
  const found = await adjust(query, form)
  const adjusted = hasBody ? withBody(request, isForm ? form.toString() : text) : request
  adjusted.url = query.size === 0 ? path : `${path}?${query}`
  return { adjusted, found }
}
