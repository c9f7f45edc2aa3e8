import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Exchange } from '@behalf/sandbox'
import { listen } from '@behalf/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { withOutsider } from '../outsider.ts'
import { type Browser, launchChromium, type Page } from './chromium.ts'
import { agent, alice, mallory, type PageWorld, script, startPageWorld } from './page-world.ts'

const looks = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 400, colorScheme: 'light' },
  { width: 400, colorScheme: 'dark' },
] as const

withOutsider(
  { name: "the sandbox's page in Chromium", debianPackage: 'chromium', probe: ['chromium', '--version'] },
  () => {
    let browser: Browser
    let world: PageWorld
    beforeAll(async () => {
      installOnDemand('tools/outside/browsers')
      browser = await launchChromium()
      world = await startPageWorld()
    }, 300_000)
    afterAll(async () => {
      await browser?.close()
      await world?.[Symbol.asyncDispose]()
    })
    beforeEach(() => world.sandbox.clearFaults())

    async function visit(url = world.sandbox.url) {
      const page = await browser.newPage()
      onTestFinished(() => page.close())
      const faults: string[] = []
      page.on('pageerror', ({ message }) => faults.push(message))
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text())
      })
      await page.goto(`${url}/`)
      await page.waitForSelector('.live')
      await page.waitForSelector('#try')
      return { page, faults }
    }

    const shown = async (page: Page, selector: string): Promise<string> =>
      ((await page.textContent(selector)) ?? '').replace(/\s+/g, ' ')

    test('an exchange appears as it happens, and all that is known of it', async () => {
      const { page, faults } = await visit()
      const { id } = await world.exchange(alice)
      await page.waitForSelector(`article:has-text("${id}")`)
      expect(await shown(page, '.exchanges li:first-child')).toMatch(
        /delegated.*API A for alice@example.com.*orders:read at https:\/\/orders.example/,
      )
      expect(await shown(page, '.why')).toMatch(/The hook permitted it/)
      expect(await shown(page, '.chain')).toMatch(/user ?alice@example.com ?current actor ?API A 0oaApiA/)
      const claims = await shown(page, 'table')
      expect(claims).toMatch(/act ?new ?– ?\{ "iss": "[^"]+", "sub": "0oaApiA"/)
      expect(claims).toMatch(/aud ?changed ?api:\/\/a ?https:\/\/orders.example/)
      expect(claims).toMatch(/sub ?alice@example.com ?alice@example.com/)
      expect(await shown(page, '.steps')).toMatch(/continued/)
      expect(await shown(page, 'article')).toMatch(/Decided by everybody-reads/)
      expect(await shown(page, '.policies .decided')).toMatch(/everybody-reads permits decided this exchange/)
      expect(await shown(page, '.events')).toMatch(/inline_hook.response.processed.*SUCCESS/)

      const answer = await fetch(`${world.sandbox.url}/api/behalf/exchanges/${id}`)
      const exchange: Exchange = JSON.parse(await answer.text())
      const { startedMs = 0, durationMs = 0 } = exchange.hook ?? {}
      const ended = Math.round((startedMs + durationMs) * 10) / 10
      const sequence = await shown(page, 'ol.unseen')
      expect(sequence).toContain(`At ${startedMs} ms: Okta to Hook`)
      expect(sequence).toContain(`At ${ended} ms: Hook to Okta: commands`)
      expect(sequence).toContain(`At ${exchange.durationMs} ms: Okta to API A: JWT-B, delegated`)
      expect(exchange.steps.length).toBeGreaterThan(5)
      expect(faults).toEqual([])
    })

    test('within a second, by the clock of the page itself', async () => {
      const { page } = await visit()
      await page.evaluate(noteSightings)
      const ids: string[] = []
      for (let round = 0; round < 5; round++) ids.push((await world.exchange(alice)).id)
      await page.waitForSelector(`article:has-text("${ids.at(-1)}")`)
      const seen = Object(await page.evaluate('window.sightings'))
      const last = (await exchanges()).find(({ id }) => id === ids.at(-1))
      const endedAt = Date.parse(last?.time ?? '') + (last?.durationMs ?? 0)
      expect(seen[ids.at(-1) ?? ''] - endedAt).toBeLessThan(1000)
    })

    test('shows the policies in force, and a change of them, at once', async () => {
      const { page, faults } = await visit()
      await world.exchange(alice)
      await page.waitForSelector('.why.delegated')
      expect(await shown(page, '.policies')).toMatch(
        /everybody-reads permits.*orders.cedar:1.*readers-only forbids/,
      )
      const { policies } = world.policy
      world.sandbox.showPolicy({ policies: policies.slice(1), faults: ['policies/orders.cedar:9: a fault'] })
      await page.waitForSelector('.panel:has-text("policies/orders.cedar:9: a fault")')
      expect(await shown(page, '.policies')).not.toContain('everybody-reads')
      expect(await shown(page, 'article')).toMatch(/Decided by everybody-reads \(not among those shown now\)/)
      world.sandbox.showPolicy(world.policy)
      await page.waitForSelector('.policies:has-text("everybody-reads")')
      await page.click('article a[href="#policy-everybody-reads"]')
      expect(await page.evaluate('location.hash')).toBe('#policy-everybody-reads')
      expect(faults).toEqual([])
    })

    test('tells agents from services, in the list and in the chain', async () => {
      const { page } = await visit()
      const { id } = await world.exchange(alice, agent)
      await page.waitForSelector(`article:has-text("${id}")`)
      expect(await shown(page, '.exchanges li:first-child')).toContain('Assistant (AI agent) for alice')
      expect(await shown(page, '.chain')).toMatch(/current actor, AI agent ?Assistant/)
      await world.exchange(alice)
      await page.waitForSelector('.exchanges li:first-child:has-text("API A for alice")')
      expect(await shown(page, '.chain')).not.toContain('AI agent')
    })

    test('a reset empties it', async () => {
      const own = await startPageWorld()
      onTestFinished(() => own[Symbol.asyncDispose]())
      const { page } = await visit(own.sandbox.url)
      const { id } = await own.exchange(alice)
      await page.waitForSelector(`article:has-text("${id}")`)
      await own.sandbox.reset()
      await page.waitForSelector('.empty:has-text("Nothing yet")')
      const again = await own.exchange(alice)
      await page.waitForSelector(`article:has-text("${again.id}")`)
      expect(await page.evaluate('document.querySelectorAll(".exchanges li").length')).toBe(2)
    })

    test('what is very long stays short, and in its place', async () => {
      const { page, faults } = await visit()
      const claims = {
        note: 'n'.repeat(2500),
        list: Array.from({ length: 100 }, (_, index) => `entry ${index}`),
      }
      const { id } = await world.exchange(alice, { claims })
      await page.waitForSelector(`article:has-text("${id}")`)
      expect(await shown(page, 'table')).toContain('(2500 characters; this is how it begins)')
      expect(await page.evaluate('document.querySelector("article").innerText.length')).toBeLessThan(20_000)
      const scopes = Array.from({ length: 300 }, (_, index) => `scope:${index}`).join(' ')
      await page.fill('input[list=scopes]', scopes)
      await page.click('button.primary')
      await page.waitForSelector('.why.refused')
      const height = await page.evaluate('document.querySelector(".exchanges li").offsetHeight')
      expect(Number(height)).toBeLessThan(200)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1280)
      expect(faults).toEqual([])
    })

    test('whoever hears it instead of seeing it gets a name for everything that can be used', async () => {
      const { page } = await visit()
      const { id } = await world.exchange(alice)
      await page.waitForSelector(`article:has-text("${id}")`)
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
      const heard = await page.locator('body').ariaSnapshot()
      const usable = heard.match(/- (button|link|textbox|combobox|switch|region|table)\b.*/g) ?? []
      expect(usable.length).toBeGreaterThan(40)
      expect(usable.filter((line) => !line.includes('"'))).toEqual([])
      expect(heard).toContain('- heading "Policy"')
      expect(heard).toMatch(/- listitem: "At 0 ms: API A to Okta: token request, JWT-A"/)
    })

    test('in one column, choosing a row leads to what is known of it', async () => {
      const { page } = await visit()
      await page.setViewportSize({ width: 400, height: 900 })
      const { id } = await world.exchange(alice)
      await page.waitForSelector(`article:has-text("${id}")`)
      await page.focus('.exchanges li:nth-child(2) button')
      await page.keyboard.press('Enter')
      await page.waitForSelector('#exchange:focus')
      expect(
        await page.evaluate('document.querySelector("#exchange").getBoundingClientRect().top'),
      ).toBeLessThan(900)
    })

    test('a fault that is switched on turns the next token plain, and the page says why', async () => {
      const { page, faults } = await visit()
      await page.click('[role=switch]:has-text("hook-unreachable")')
      await page.waitForSelector('[role=switch][aria-checked=true]')
      expect(world.sandbox.faults.map(({ fault }) => fault.kind)).toEqual(['hook-unreachable'])
      await page.click('button.primary')
      await page.waitForSelector('.why.plain')
      expect(await shown(page, '.why')).toMatch(
        /The token is plain: The connection to the inline hook failed\. Okta fails open.*In force: hook-unreachable/,
      )
      await page.click('[role=switch]:has-text("hook-unreachable")')
      await page.waitForSelector('[role=switch][aria-checked=false]:has-text("hook-unreachable")')
      await page.click('button.primary')
      await page.waitForSelector('.why.delegated')
      expect(world.sandbox.faults).toEqual([])
      expect(faults).toEqual([])
    })

    test('works with the keyboard alone', async () => {
      const { page } = await visit()
      await page.focus('#try ~ form select')
      for (let stop = 0; stop < 4; stop++) await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.waitForSelector('text=Done: it is at the top of the list')
      // By what it says and not by its place: rows move down as others come in above.
      const signIn = '.exchanges li button:has-text("signs in")'
      await page.focus(signIn)
      await page.keyboard.press('Space')
      await page.waitForSelector(`${signIn}[aria-current=true]`)
      expect(await shown(page, 'article h2')).toMatch(/signs in/)
    })

    test('a script in a claim, a name or a denial stays text', async () => {
      const { page, faults } = await visit()
      const { id } = await world.exchange(mallory)
      await page.waitForSelector(`article:has-text("${id}")`)
      const plain = script.replace(/\s+/g, ' ')
      expect(await shown(page, 'table')).toContain(plain.replaceAll('"', '"'))
      expect(await shown(page, '.people')).toContain(plain)
      await page.fill('input[list=scopes]', 'orders:write')
      await page.click('button.primary')
      await page.waitForSelector('.why.denied')
      expect(await shown(page, '.why')).toContain(plain)
      expect(await page.evaluate('[window.ran === undefined, document.images.length]')).toEqual([true, 0])
      expect(faults).toEqual([])
    })

    test('a page of another origin can neither read nor drive it', async () => {
      await world.exchange(alice)
      const before = (await exchanges()).length
      const foreign = await listen((_, response) => {
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>foreign</title><body>')
      })
      onTestFinished(() => foreign.close())
      const page = await browser.newPage()
      onTestFinished(() => page.close())
      await page.goto(foreign.origin)
      const read = await page.evaluate(attack(world.sandbox.url))
      expect(read).toEqual({
        fetched: 'nothing',
        credentials: 'nothing',
        streamed: 'nothing',
        scripted: 'nothing',
        framed: 'nothing',
        opened: 'nothing',
      })
      expect(world.sandbox.faults).toEqual([])
      expect((await exchanges()).length).toBe(before)
    })

    const exchanges = async (): Promise<Exchange[]> =>
      JSON.parse(await (await fetch(`${world.sandbox.url}/api/behalf/exchanges`)).text())

    describe.each(looks)('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
      test('axe finds nothing, and nothing is wider than the window', async () => {
        const { page } = await visit()
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme })
        await world.sandbox.injectFault({ kind: 'hook-slow', delayMs: 1 })
        const { id } = await world.exchange(mallory)
        await page.waitForSelector(`article:has-text("${id}")`)
        await page.waitForSelector('[role=switch][aria-checked=true]')
        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        await page.evaluate(axe())
        expect(await page.evaluate(runAxe)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      })
    })

    test('a hundred thousand exchanges leave it small and quick', async () => {
      const flood = await serveFlood(world.sandbox.url, 100_000)
      onTestFinished(() => flood.close())
      const { page, faults } = await visit(flood.origin)
      await page.waitForSelector('article:has-text("req100000")')
      expect(await page.evaluate('document.querySelectorAll(".exchanges li").length')).toBe(200)
      await page.click('.exchanges li:nth-child(200) button')
      await page.waitForSelector('article:has-text("req99801")')
      await page.evaluate('gc()')
      const heapBytes = Number(await page.evaluate('performance.memory.usedJSHeapSize'))
      expect(heapBytes).toBeLessThan(20 * 1024 * 1024)
      expect(faults).toEqual([])
    })
  },
)

const axe = (): string => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** When each id was first seen, by the page's clock, as its mutations come. */
const noteSightings = `
  window.sightings = {}
  new MutationObserver(() => {
    for (const code of document.querySelectorAll('article code')) window.sightings[code.textContent] ??= Date.now()
  }).observe(document.body, { subtree: true, childList: true, characterData: true })`
const runAxe = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`

/** Everything that a page of another origin may try, and what it gets to see. */
function attack(url: string): string {
  return `(async () => {
    const url = ${JSON.stringify(url)}
    const soon = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 1000, 'nothing'))])
    const read = (init) => fetch(url + '/api/behalf/exchanges', init).then((r) => r.text(), () => 'nothing')
    const post = (path, body) =>
      fetch(url + path, { method: 'POST', mode: 'no-cors', body }).catch(() => undefined)
    await post('/api/behalf/faults', '{"kind":"hook-unreachable"}')
    await post('/api/behalf/exchanges', '{"login":"${alice}","clientId":"0oaApiA"}')
    await post('/api/behalf/sign-ins', '{"login":"${alice}"}')
    const form = Object.assign(document.createElement('form'), {
      action: url + '/api/behalf/faults', method: 'post', enctype: 'text/plain', target: 'hidden',
    })
    const field = Object.assign(document.createElement('input'), { name: '{"kind":"hook-unreachable","x":"', value: '"}' })
    form.append(field)
    document.body.append(Object.assign(document.createElement('iframe'), { name: 'hidden' }), form)
    form.submit()
    const source = new EventSource(url + '/api/behalf/exchanges')
    const streamed = await soon(new Promise((resolve) => source.addEventListener('exchange', ({ data }) => resolve(data))))
    source.close()
    const tag = Object.assign(document.createElement('script'), { src: url + '/api/behalf/exchanges' })
    const scripted = new Promise((resolve) => {
      tag.onload = () => resolve('loaded')
      tag.onerror = () => resolve('nothing')
    })
    document.body.append(tag)
    const frame = Object.assign(document.createElement('iframe'), { src: url + '/' })
    document.body.append(frame)
    await soon(new Promise((resolve) => frame.addEventListener('load', () => resolve('loaded'))))
    const textOf = (window) => {
      try { return window.document?.body?.innerText || 'nothing' } catch { return 'nothing' }
    }
    const opened = window.open(url + '/')
    await soon(new Promise(() => undefined))
    return {
      fetched: await read(),
      credentials: await read({ credentials: 'include', mode: 'cors' }),
      streamed,
      scripted: await scripted,
      framed: frame.contentWindow.length > 0 ? 'frames' : textOf(frame.contentWindow),
      opened: opened === null || opened.closed ? 'nothing' : textOf(opened),
    }
  })()`
}

/** The page as the sandbox serves it, with a stream that tells of very many exchanges at once. */
async function serveFlood(url: string, count: number) {
  const event = (number: number): string => {
    const exchange: Exchange = {
      id: `req${number}`,
      revision: number,
      firstRevision: number,
      time: '2026-11-29T20:00:00.000Z',
      durationMs: 12.5,
      status: 200,
      server: { id: 'behalf', issuer: `${url}/oauth2/behalf` },
      client: { id: '0oaApiA', label: 'API A' },
      grantType: 'client_credentials',
      scopes: ['orders:read'],
      outcome: 'plain',
      why: 'The token is plain.',
      subject: alice,
      actors: [],
      agents: [],
      faults: [],
      events: [],
      steps: [],
      policies: [],
      calls: [],
    }
    return `id: ${number}\nevent: exchange\ndata: ${JSON.stringify(exchange)}\n\n`
  }
  return listen(async (request, response) => {
    if (request.url !== '/api/behalf/exchanges') {
      const { status, headers, body } = await fetch(`${url}${request.url}`)
      response.writeHead(status, { 'content-type': headers.get('content-type') ?? '' })
      for await (const chunk of body ?? []) response.write(chunk)
      response.end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let number = 1; number <= count; number++) {
      if (!response.write(event(number))) await new Promise((resolve) => response.once('drain', resolve))
    }
  })
}
