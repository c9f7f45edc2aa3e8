import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'

const script = { file: 'app.js', type: 'text/javascript; charset=utf-8' }
const styles = { file: 'app.css', type: 'text/css; charset=utf-8' }
const assets = new Map([
  ['/behalf/app.js', script],
  ['/behalf/app.css', styles],
])

/** What the page may do: run its own script, use its own styles, ask its own origin; nobody frames it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const guards = {
  'cache-control': 'no-cache, no-store',
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const document = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Behalf sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/behalf/app.css">
<script type="module" src="/behalf/app.js"></script>
<body>
<noscript>This page needs JavaScript. What it shows is at /api/behalf/exchanges, too.</noscript>
<div id="root"></div>
</body>
</html>
`

/** Says whether a path is the page or a part of it. */
export function isPage(path: string): boolean {
  return path === '/' || assets.has(path)
}

/** Answers with the page or a part of it. @throws the error of `readFile` when the package was not built */
export async function replyPage(response: ServerResponse, path: string): Promise<void> {
  const asset = assets.get(path)
  if (asset === undefined) {
    response.writeHead(200, { ...guards, 'content-type': 'text/html; charset=utf-8' }).end(document)
    return
  }
  // The same from the sources and from what is built of them: both are two folders below the package.
  const content = await readFile(new URL(`../../dist/page/${asset.file}`, import.meta.url))
  response.writeHead(200, { ...guards, 'content-type': asset.type }).end(content)
}
