import { randomBytes } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'

/**
 * Answers in Okta's response mode for hidden frames and popups: a page that posts the answer to the page that opened it, and
 * only there.
 */
export function respondByMessage(ctx: KoaContextWithOIDC, redirectUri: string, answer: object): void {
  const { origin } = new URL(redirectUri)
  const nonce = randomBytes(16).toString('base64')
  ctx.type = 'html'
  ctx.set('cache-control', 'no-cache, no-store')
  ctx.set('referrer-policy', 'no-referrer')
  ctx.set(
    'content-security-policy',
    `default-src 'none'; script-src 'nonce-${nonce}'; frame-ancestors ${origin}`,
  )
  ctx.body = `<!doctype html>
<html>
<head><title>Okta post message</title></head>
<body>
<script nonce="${nonce}">
(window.opener || window.parent).postMessage(${scriptLiteral(answer)}, ${scriptLiteral(origin)})
</script>
</body>
</html>
`
}

/** JSON that cannot end the script that it is in. */
function scriptLiteral(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
