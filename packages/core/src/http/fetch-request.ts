import type { PresentedRequest } from './presented-request.ts'

/** Reads a request of the Fetch standard, whose `Headers` join what was sent several times. */
export function fromFetchRequest(request: Request): PresentedRequest {
  const { method, url, headers } = request
  return {
    origin: request,
    method,
    url,
    header: (name) => {
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
  }
}
