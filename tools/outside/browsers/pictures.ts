/**
 * Takes the pictures of the sandbox's page that the documents show, from the real page: `docs/pictures/page-light.png` and
 * `page-dark.png`. It needs Chromium.
 */
import { join } from 'node:path'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'
import { launchChromium } from './chromium.ts'
import { alice, startPageWorld } from './page-world.ts'

installOnDemand('tools/outside/browsers')
await using world = await startPageWorld([
  { login: alice, name: 'Alice Adams' },
  { login: 'bob@example.com', name: 'Bob Brown' },
])
await world.sandbox.injectFault({ kind: 'hook-unreachable' })
await world.exchange('bob@example.com')
world.sandbox.clearFaults()
const { id } = await world.exchange(alice)
const browser = await launchChromium()
try {
  const page = await browser.newPage()
  await page.setViewportSize({ width: 1280, height: 860 })
  await page.goto(`${world.sandbox.url}/`)
  await page.waitForSelector(`article:has-text("${id}")`)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(root, `docs/pictures/page-${colorScheme}.png`) })
  }
} finally {
  await browser.close()
}
