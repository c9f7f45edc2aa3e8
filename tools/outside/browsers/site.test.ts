import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { withOutsider } from '../outsider.ts'
import { type Browser, launchChromium } from './chromium.ts'

const built = join(root, 'tools/site/.vitepress/dist')
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Serves what was built as any host of files does that knows addresses without `.html`. */
async function serveSite(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = [path, `${path}.html`, join(path, 'index.html')]
      .map((name) => join(built, name))
      .find((name) => name.startsWith(built) && existsSync(name) && statSync(name).isFile())
    if (file === undefined) response.writeHead(404).end()
    else {
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
      createReadStream(file).pipe(response)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` }
}

withOutsider({ name: 'chromium', debianPackage: 'chromium', probe: ['chromium', '--version'] }, () => {
  describe('the site', { timeout: 60_000 }, () => {
    let site: Awaited<ReturnType<typeof serveSite>>
    let browser: Browser
    beforeAll(async () => {
      installOnDemand('tools/outside/browsers')
      // CI has built it before; `npm run docs` builds it anew.
      if (!existsSync(join(built, 'index.html')))
        execFileSync('npm', ['run', 'docs'], { cwd: root, stdio: 'pipe' })
      site = await serveSite()
      browser = await launchChromium()
    }, 300_000)
    afterAll(async () => {
      await browser.close()
      site.server.close()
    })

    const pages = [
      '/',
      '/what-is-it',
      '/two-servers',
      '/configuration',
      '/troubleshooting',
      '/api/@behalf/client',
    ]
    test.each(pages.flatMap((path) => [1280, 400].map((width) => [path, width] as const)))(
      '%s at %i px fits, shows its pictures and complains about nothing',
      async (path, width) => {
        const page = await browser.newPage()
        const complaints: string[] = []
        page.on('pageerror', ({ message }) => complaints.push(message))
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text())
        })
        const elsewhere: string[] = []
        page.on('request', (request) => {
          if (!request.url().startsWith(site.url) && !request.url().startsWith('data:'))
            elsewhere.push(request.url())
        })
        await page.setViewportSize({ width, height: 900 })
        await page.goto(`${site.url}${path}`)
        await page.waitForSelector('h1')
        const wider = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        const broken = await page.evaluate(
          `Promise.all([...document.images].map((image) => image.decode().then(() => [], () => [image.src]))).then((all) => all.flat())`,
        )
        expect({ wider, broken, complaints, elsewhere }).toEqual({
          wider: 0,
          broken: [],
          complaints: [],
          elsewhere: [],
        })
        await page.close()
      },
    )

    test('finds a page by what is in it, without asking anybody else', async () => {
      const page = await browser.newPage()
      await page.goto(`${site.url}/what-is-it`)
      await page.click('.VPNavBarSearch button')
      await page.fill('.VPLocalSearchBox input', 'resource_unprotected')
      await page.waitForSelector('.VPLocalSearchBox .result')
      await page.keyboard.press('Enter')
      await page.waitForSelector('main code:has-text("resource_unprotected")')
      expect(page.url()).not.toContain('what-is-it')
      await page.close()
    })

    test('is dark where the reader wants it dark', async () => {
      const page = await browser.newPage()
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.goto(`${site.url}/`)
      await page.waitForSelector('h1')
      expect(await page.evaluate(`document.documentElement.classList.contains('dark')`)).toBe(true)
      await page.close()
    })
  })
})
