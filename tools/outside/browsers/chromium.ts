import { createRequire } from 'node:module'

/** A page in the browser, as far as tests use one of Playwright's. */
export interface Page {
  goto(url: string): Promise<unknown>
  url(): string
  click(selector: string): Promise<void>
  fill(selector: string, text: string): Promise<void>
  waitForSelector(selector: string): Promise<unknown>
  waitForURL(url: string): Promise<void>
  waitForEvent(event: 'popup'): Promise<Page>
  textContent(selector: string): Promise<string | null>
  locator(selector: string): { ariaSnapshot(): Promise<string> }
  focus(selector: string): Promise<void>
  readonly keyboard: { press(key: string): Promise<void> }
  /** Evaluates an expression in the page, whatever the page's own policy says. */
  evaluate(expression: string): Promise<unknown>
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>
  emulateMedia(media: { readonly colorScheme: 'light' | 'dark' }): Promise<void>
  screenshot(options: { readonly path: string; readonly fullPage?: boolean }): Promise<unknown>
  close(): Promise<void>
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): unknown
  on(event: 'pageerror', listener: (error: Error) => void): unknown
  on(event: 'request', listener: (request: { url(): string }) => void): unknown
}

/** A running browser. */
export interface Browser {
  /** A page without the cookies of any other. */
  newPage(): Promise<Page>
  close(): Promise<void>
}

interface Playwright {
  readonly chromium: {
    launch(options: { readonly executablePath: string; readonly args: readonly string[] }): Promise<Browser>
  }
}

const require = createRequire(import.meta.url)

/** Starts Debian's Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  const { chromium }: Playwright = require('playwright-core')
  // Its sandbox does not run as root, and tests in containers do.
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc', '--enable-precise-memory-info'],
  })
}
