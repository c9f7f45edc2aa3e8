import * as v from 'valibot'
import { check } from './shape/check.ts'
import { functionOf, list, object, optional, type Shape, text } from './shape/shape.ts'

/** A browser, as far as signing in needs one. */
export interface SignInOptions {
  /** Where the app sends the user: an authorization URL of the org. */
  readonly authorizationUrl: string | URL
  /** Who signs in. */
  readonly login: string
  /** How the user signs in this time, as `amr` has it. Default: what the org knows of the user. */
  readonly amr?: readonly string[]
  /** The browser's cookies by name, to be kept from one sign-in to the next. Default: none. */
  readonly cookies?: Map<string, string>
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch
}

const maxSteps = 10

const signInShape: Shape<SignInOptions> = object({
  authorizationUrl: v.custom<string | URL>(
    (value) => URL.canParse(String(value)),
    'expected an absolute URL',
  ),
  login: text,
  amr: optional(list(text)),
  cookies: optional(v.custom<Map<string, string>>((value) => value instanceof Map, 'expected a Map')),
  fetch: optional(functionOf<typeof fetch>()),
})

/**
 * Signs a user in over HTTP as a browser would: follows redirects, keeps cookies, fills in the sign-in page.
 *
 * @returns the URL that the browser would call the app back with; it is not called
 * @throws Error when the org answers with anything but its sign-in page or a redirect
 * @throws TypeError naming every fault of the options
 * @example
 * ```ts
 * import { signIn } from '@behalf/sandbox/testing'
 *
 * const authorizationUrl = 'http://127.0.0.1:8090/oauth2/users/v1/authorize?client_id=0oaSpa00000000000001'
 * const callback = await signIn({ authorizationUrl, login: 'alice@example.com' })
 * callback.searchParams.get('code')
 * ```
 */
export async function signIn(options: SignInOptions): Promise<URL> {
  const given = check(signInShape, options, 'nobody can sign in so')
  const { authorizationUrl, login, amr = [], cookies = new Map(), fetch: get = fetch } = given
  const { origin } = new URL(authorizationUrl)
  let location = new URL(authorizationUrl)
  let form: URLSearchParams | undefined
  for (let step = 0; step < maxSteps; step++) {
    const response = await get(location, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'text/html',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      redirect: 'manual',
      ...(form === undefined ? {} : { body: form }),
    })
    keepCookies(cookies, response)
    const body = await response.text()
    const next = response.headers.get('location')
    if (next !== null) {
      location = new URL(next, location)
      if (location.origin !== origin) return location
      form = undefined
      continue
    }
    const csrf = /name="csrf" value="([^"]+)"/.exec(body)?.[1]
    if (response.status !== 200 || csrf === undefined) {
      throw new Error(`sign-in stopped at ${location.pathname} with HTTP status ${response.status}`)
    }
    form = new URLSearchParams({ csrf, login })
    for (const method of amr) form.append('amr', method)
  }
  throw new Error(`sign-in did not end within ${maxSteps} steps`)
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
}
