import type { ApiRequest } from './authorize-request.ts'

/** Reads a request of the Fetch standard, whose `Headers` join what was sent several times. */
export function fromFetchRequest({ method, url, headers }: Request): ApiRequest {
  return {
    method,
    url,
    header: (name) => {
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
  }
}
