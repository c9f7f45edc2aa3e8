/** What a browser ends up with. */
export interface Page {
  readonly status: number
  readonly text: string
}

const maxSteps = 20

/** Follows redirects from origin to origin, keeps the cookies of each, and fills in the sandbox's sign-in page. */
export async function browse(start: string, login: string): Promise<Page> {
  const jars = new Map<string, Map<string, string>>()
  let url = new URL(start)
  let form: URLSearchParams | undefined
  for (let step = 0; step < maxSteps; step++) {
    const jar = jars.get(url.host) ?? new Map<string, string>()
    jars.set(url.host, jar)
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(form === undefined ? {} : { body: form }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const text = await response.text()
    const next = response.headers.get('location')
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1]
    form = undefined
    if (next !== null) url = new URL(next, url)
    else if (csrf !== undefined) form = new URLSearchParams({ csrf, login })
    else return { status: response.status, text }
  }
  throw new Error(`the browser was sent on more than ${maxSteps} times`)
}
