import { fileURLToPath } from 'node:url'
import { listen } from '@behalf/testing'
import { build } from 'esbuild'

/** What an app in the browser is told about its org. */
export interface AppSettings {
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** The server that an app's pages come from. */
export interface AppHost extends AsyncDisposable {
  readonly origin: string
  /** Pages that are loaded from now on are told this. */
  tell(settings: AppSettings): void
}

/** Bundles one of `apps` as its users would, and serves it at every path, as single-page apps are. */
export async function hostApp(file: string): Promise<AppHost> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`apps/${file}`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const script = outputFiles[0]?.text ?? ''
  let settings = '{}'
  const server = await listen(({ url }, response) => {
    if (url === '/app.js') response.setHeader('content-type', 'text/javascript').end(script)
    else if (url === '/favicon.ico') response.writeHead(204).end()
    else
      response
        .setHeader('content-type', 'text/html')
        .end(
          `<!doctype html><body><div id="root"></div><script>window.settings = ${settings}</script><script type="module" src="/app.js"></script></body>`,
        )
  })
  return {
    origin: server.origin,
    tell(told) {
      settings = JSON.stringify(told)
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}
