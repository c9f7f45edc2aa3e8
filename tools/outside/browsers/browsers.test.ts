import { createSandbox, type Sandbox } from '@behalf/sandbox'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installOnDemand } from '../../on-demand.ts'
import { withOutsider } from '../outsider.ts'
import { type AppHost, hostApp } from './app-host.ts'
import { type Browser, launchChromium, type Page } from './chromium.ts'

const clientId = '0oaSpa00000000000001'
const login = 'ann@example.com'
const everything = ['openid', 'profile', 'email', 'offline_access']

/** An app in the browser whose user is at its first page. */
interface Visit {
  readonly page: Page
  readonly host: AppHost
  readonly sandbox: Sandbox
  /** Where the browser went, and frames and scripts of the page. */
  readonly requested: readonly string[]
  /** What the browser's console says of the page. */
  readonly faults: readonly string[]
  /** Presses one of the app's buttons and says what came of it. */
  press(button: string): Promise<unknown>
  signIn(): Promise<void>
}

withOutsider({ name: 'Chromium', debianPackage: 'chromium', probe: ['chromium', '--version'] }, () => {
  let browser: Browser
  beforeAll(async () => {
    installOnDemand('tools/outside/browsers')
    browser = await launchChromium()
  }, 300_000)
  afterAll(() => browser?.close())

  async function visit(app: string, scopes: readonly string[] = everything): Promise<Visit> {
    const host = await hostApp(app)
    onTestFinished(() => host[Symbol.asyncDispose]())
    const { origin } = host
    const sandbox = await createSandbox({
      users: [{ login, name: 'Ann Lee', given_name: 'Ann', family_name: 'Lee', groups: ['Sales'] }],
      authorizationServers: [
        {
          id: 'default',
          scopes: ['orders:read'],
          accessTokenClaims: ['groups'],
          claims: [{ name: 'groups', token: 'id', groups: '.*' }],
        },
      ],
      apps: [
        {
          clientId,
          type: 'spa',
          redirectUris: ['callback', 'popup', 'silent'].map((path) => `${origin}/${path}`),
          postLogoutRedirectUris: [origin, `${origin}/signed-out`],
        },
      ],
    })
    onTestFinished(() => sandbox.close())
    host.tell({ issuer: `${sandbox.url}/oauth2/default`, clientId, scopes })
    const page = await browser.newPage()
    const [requested, faults]: [string[], string[]] = [[], []]
    page.on('request', (request) => requested.push(request.url()))
    page.on('pageerror', ({ message }) => faults.push(message))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(origin)
    return {
      page,
      host,
      sandbox,
      requested,
      faults,
      async press(button) {
        await page.click(`#${button}`)
        return outcomeOf(page)
      },
      async signIn() {
        await page.click('#signIn')
        await fillIn(page)
        await page.waitForURL(`${origin}/`)
      },
    }
  }

  describe('@okta/okta-auth-js', () => {
    test('signs in by redirect, renews, revokes and signs out', async () => {
      const { signIn, press, page, host, faults } = await visit('okta-auth-js.js')
      await signIn()
      const all = ['accessToken', 'idToken', 'refreshToken']
      expect(await press('tokens')).toEqual({ value: all })
      expect(await press('user')).toMatchObject({ value: { name: 'Ann Lee', email: login } })
      expect(await press('accessClaims')).toMatchObject({
        value: { sub: login, cid: clientId, groups: ['Everyone', 'Sales'] },
      })
      expect(await press('idClaims')).toMatchObject({
        value: { email: login, amr: ['pwd'], groups: ['Everyone', 'Sales'] },
      })
      expect(await press('renew')).toEqual({ value: all })
      expect(await press('revoke')).toMatchObject({ value: expect.anything() })
      await page.click('#signOut')
      await page.waitForURL(`${host.origin}/signed-out`)
      expect(await press('signInSilently')).toEqual({ failed: 'login_required' })
      expect(faults).toEqual([])
    })

    test('renews in a hidden frame, for as long as the person has a session', async () => {
      const { signIn, press, requested } = await visit('okta-auth-js.js', ['openid', 'orders:read'])
      await signIn()
      expect(await press('tokens')).toEqual({ value: ['accessToken', 'idToken'] })
      expect(await press('renew')).toEqual({ value: ['accessToken', 'idToken'] })
      expect(requested.filter((url) => url.includes('response_mode=okta_post_message'))).toHaveLength(1)
      expect(await press('session')).toEqual({ value: 'ACTIVE' })
      expect(await press('whoseSession')).toEqual({ value: login })
      await press('endSession')
      expect(await press('session')).toEqual({ value: 'INACTIVE' })
    })

    test('signs in in a popup', async () => {
      const { press, page } = await visit('okta-auth-js.js')
      const opened = page.waitForEvent('popup')
      const pressed = press('signInWithPopup')
      await fillIn(await opened)
      expect(await pressed).toEqual({ value: ['accessToken', 'idToken', 'refreshToken'] })
    })

    test('hears that nobody is signed in', async () => {
      const { press } = await visit('okta-auth-js.js')
      expect(await press('signInSilently')).toEqual({ failed: 'login_required' })
    })

    test('gets a token for an API alone, though it sends a nonce', async () => {
      const { signIn, press, requested } = await visit('okta-auth-js.js', ['orders:read'])
      await signIn()
      expect(requested.some((url) => url.includes('/v1/authorize') && url.includes('nonce='))).toBe(true)
      expect(await press('tokens')).toEqual({ value: ['accessToken'] })
    })
  })

  test('@okta/okta-react signs in and out', async () => {
    const { signIn, page, host, faults } = await visit('okta-react.jsx')
    await page.waitForSelector('#signIn')
    await signIn()
    expect(await outcomeOf(page)).toEqual({ value: 'Ann Lee' })
    expect(faults).toEqual([])
    await page.click('#signOut')
    await page.waitForSelector('#signIn')
    expect(page.url()).toBe(`${host.origin}/`)
  })

  describe('oidc-client-ts', () => {
    test('signs in by redirect, renews, revokes and signs out', async () => {
      const { signIn, press, page, host, faults } = await visit('oidc-client-ts.js')
      await signIn()
      expect(await press('user')).toEqual({ value: 'Ann Lee' })
      expect(await press('renew')).toEqual({ value: 'Ann Lee' })
      expect(await press('revoke')).toEqual({ value: null })
      expect(faults).toEqual([])
      await page.click('#signOut')
      await page.waitForURL(`${host.origin}/signed-out`)
    })

    test('renews in a hidden frame, and signs in in a popup', async () => {
      const { press, page, requested } = await visit('oidc-client-ts.js', ['openid', 'profile'])
      const opened = page.waitForEvent('popup')
      const pressed = press('signInWithPopup')
      await fillIn(await opened)
      expect(await pressed).toEqual({ value: 'Ann Lee' })
      expect(await press('renew')).toEqual({ value: 'Ann Lee' })
      expect(requested.some((url) => url.includes('prompt=none'))).toBe(true)
    })
  })
})

/** Signs in at the org's page. */
async function fillIn(page: Page): Promise<void> {
  await page.fill('input[name=login]', login)
  await page.click('button')
}

/** What the app says came of the button that was pressed last. */
async function outcomeOf(page: Page): Promise<unknown> {
  await page.waitForSelector('output:not(:empty)')
  return JSON.parse((await page.textContent('output')) ?? '')
}
