/** Where the sandbox serves what the page shows. */
const root = '/api/behalf'

/** What the sandbox refused, in its words. */
class Refused extends Error {}

/** Asks the sandbox. @throws Refused with what it says */
export async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
  const response = await fetch(`${root}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const answer = await response.json()
  if (response.ok) return answer
  throw new Refused(String(answer.errorSummary ?? `HTTP status ${response.status}`))
}

/** Saves a document under a name, through the browser. */
export async function download(path: string, name: string): Promise<void> {
  const response = await fetch(`${root}${path}`, { method: 'POST' })
  const url = URL.createObjectURL(await response.blob())
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}

/** Says what went wrong. */
export function describeFault(error: unknown): string {
  return error instanceof Refused ? error.message : 'The sandbox does not answer.'
}
