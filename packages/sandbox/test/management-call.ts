import { defaultApiToken, type Sandbox } from '@behalf/sandbox'

/** Calls the management API of a sandbox that was given no tokens; `body` is what it answered, if anything. */
export async function callManagement(sandbox: Sandbox, method: string, path: string, document?: unknown) {
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: { authorization: `SSWS ${defaultApiToken}`, 'content-type': 'application/json' },
    ...(document === undefined ? {} : { body: JSON.stringify(document) }),
  })
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, body: text === '' ? undefined : Object(JSON.parse(text)) }
}
