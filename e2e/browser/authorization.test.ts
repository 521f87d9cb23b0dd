import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  anotherScene,
  authorizePath,
  call,
  givenApplication,
  startTestServer,
  type TestServer,
  PATIENT_SERVER,
} from '@parley/server/testing'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFindings } from './axe.fixture.ts'
import { hasBrowser, openBrowser, openContext } from './browser.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { takePicture } from './pictures.fixture.ts'

/** The application that a browser comes from and goes back to. */
async function openApplication({
  host = '127.0.0.1',
  leadsTo,
}: { host?: string; leadsTo?: string } = {}) {
  const server = createServer(PATIENT_SERVER, (_request, response) => {
    if (leadsTo !== undefined) response.writeHead(302, { location: leadsTo }).end()
    else response.setHeader('content-type', 'text/html').end('<h1>Back in the portal</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    redirectUri: `http://${host.includes(':') ? `[${host}]` : host}:${port}/callback`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function check(page: Page, picture: string): Promise<void> {
  await takePicture(page, picture)
  expect(await axeFindings(page)).toEqual([])
  const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect(width).toBeLessThanOrEqual(0)
}

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  if (hasBrowser) browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

const VIEWS: [string, BrowserContextOptions][] = [
  ['desk', { viewport: { width: 1000, height: 800 } }],
  ['phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ['dark', { viewport: { width: 1000, height: 800 }, colorScheme: 'dark' }],
]

test.skipIf(!hasBrowser).each(VIEWS)(
  'a person logs in and consents in Chromium, by keyboard, with scripts off: %s',
  async (view, options) => {
    await using portal = await openApplication()
    const scene = await anotherScene(server)
    const application = await givenApplication(scene, {
      name: 'Order portal',
      redirectUris: [portal.redirectUri],
    })
    await call(scene, 'POST', 'users', { loginName: 'plain', password: 'a long pass phrase' })
    const address = `${server.url}${authorizePath(scene, application)}`
    // axe is a script of its own.
    const shown = await openContext(browser, { ...options, bypassCSP: true })
    const page = await shown.newPage()
    await page.goto(address)
    await check(page, `log-in-${view}`)
    await page.getByLabel('Login name').fill('plain')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await check(page, `log-in-wrong-${view}`)
    await page.getByLabel('Password').fill('a long pass phrase')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'You cannot allow this' }).waitFor()
    await check(page, `consent-refused-${view}`)
    await page.getByRole('link', { name: 'Log in as somebody else' }).click()
    await page.getByLabel('Login name').fill(scene.admin.user)
    await page.getByLabel('Password').fill(scene.admin.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Allow this?' }).waitFor()
    await check(page, `consent-${view}`)

    // As it is, with its policy, without scripts, by keyboard.
    const plain = await openContext(browser, { ...options, javaScriptEnabled: false })
    const other = await plain.newPage()
    await other.goto(address)
    // The field takes the focus a moment after the page is there.
    await other.locator('input:focus').waitFor()
    await other.keyboard.type(scene.admin.user)
    await other.keyboard.press('Tab')
    await other.keyboard.type(scene.admin.password)
    await other.keyboard.press('Enter')
    await other.getByRole('heading', { name: 'Allow this?' }).waitFor()
    await keyboardOf(other).press(other.getByRole('button', { name: 'Allow' }))
    await other.getByRole('heading', { name: 'Back in the portal' }).waitFor()
    expect(new URL(other.url()).searchParams.get('code')).toBeTruthy()
    // With the session: at once.
    await other.goto(address)
    await other.getByRole('heading', { name: 'Back in the portal' }).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a person comes back to an application at an IPv6 address, and where it leads on',
  async () => {
    await using home = await openApplication()
    await using portal = await openApplication({ host: '::1', leadsTo: home.redirectUri })
    const scene = await anotherScene(server)
    const application = await givenApplication(scene, { redirectUris: [portal.redirectUri] })
    const context = await openContext(browser, {})
    const page = await context.newPage()

    await page.goto(`${server.url}${authorizePath(scene, application)}`)
    await page.getByLabel('Login name').fill(scene.admin.user)
    await page.getByLabel('Password').fill(scene.admin.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()

    await page.getByRole('heading', { name: 'Back in the portal' }).waitFor()
    expect(page.url()).toBe(home.redirectUri)
  },
)

test.skipIf(!hasBrowser)('a browser that asks for German is asked in German', async () => {
  await using portal = await openApplication()
  const scene = await anotherScene(server)
  const application = await givenApplication(scene, {
    name: 'Order portal',
    redirectUris: [portal.redirectUri],
  })
  const context = await openContext(browser, { locale: 'de-AT', bypassCSP: true })
  const page = await context.newPage()

  await page.goto(`${server.url}${authorizePath(scene, application)}`)
  await check(page, 'log-in-german')
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  const question = page.url()
  await page.getByLabel('Anmeldename').fill(scene.admin.user)
  await page.getByLabel('Passwort').fill('wrong')
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await page.getByText('Der Anmeldename oder das Passwort ist falsch.').waitFor()
  await page.getByLabel('Passwort').fill(scene.admin.password)
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await page.getByRole('heading', { name: 'Erlauben Sie das?' }).waitFor()
  await page.getByText('Funktionen des Kontos aufrufen').waitFor()
  await check(page, 'consent-german')
  await page.getByRole('button', { name: 'Erlauben' }).click()
  await page.getByRole('heading', { name: 'Back in the portal' }).waitFor()

  await page.goto(question)
  await page.getByRole('heading', { name: 'Das geht nicht' }).waitFor()
  await check(page, 'log-in-over-german')
})
