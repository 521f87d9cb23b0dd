import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { anotherScene, call, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'

/** `npm run screenshots` has these tests write the pictures of the documents. */
const PICTURES = process.env['PARLEY_SCREENSHOTS']
const DESK = { viewport: { width: 1280, height: 800 } }

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  if (!hasBrowser) return
  // The first one who opens it waits until it is built.
  await server.request('GET', '/console')
  browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

/** Without findings of axe, in both looks, and not wider than the window. */
async function check(page: Page, picture: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true })
      const path = join(PICTURES, `${picture}-${colorScheme}.png`)
      await page.screenshot({ path, animations: 'disabled' })
    }
    const { violations } = await new AxeBuilder({ page })
      // What a screen reader has been told of a button that is gone.
      .exclude('[data-live-announcer]')
      .analyze()
    expect(violations.map(({ id, nodes }) => ({ id, html: nodes.map((one) => one.html) }))).toEqual(
      [],
    )
  }
  await page.emulateMedia({ colorScheme: 'light' })
  const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect(width).toBeLessThanOrEqual(0)
}

async function openConsole(path: string, options: BrowserContextOptions = DESK) {
  const opened = await openPage(browser, `${server.url}/console${path}`, options)
  return { ...opened, [Symbol.asyncDispose]: () => opened.page.context().close() }
}

async function signIn(page: Page, admin: { user: string; password: string }): Promise<void> {
  await page.getByLabel('Login name').fill(admin.user)
  await page.getByLabel('Password').fill(admin.password)
  await page.keyboard.press('Enter')
}

/** Instead of everything: the editor would close brackets that are typed. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('ControlOrMeta+v')
}

test.skipIf(!hasBrowser)(
  'from the sign-in to a function that is live, by keyboard alone, and its log as it comes',
  async () => {
    const account = await anotherScene(server)
    const { accountId, admin } = account
    await using opened = await openConsole('')
    const { page, problems, origins } = opened
    await page.getByLabel('Account').fill(accountId)
    await check(page, 'console-sign-in')
    await signIn(page, { ...admin, password: 'wrong' })
    await page.getByText('Account, login name or password are wrong.').waitFor()
    await signIn(page, admin)
    await page.getByRole('heading', { name: 'Functions' }).waitFor()
    await check(page, 'console-functions')

    await page.getByRole('link', { name: 'New function' }).press('Enter')
    await page.getByLabel('Name', { exact: true }).fill('greeter')
    await page.getByLabel('Description').fill('Greets by name')
    await check(page, 'console-create')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'greeter' }).waitFor()

    const code = page.getByRole('textbox', { name: /Source of greeter/ })
    await code.waitFor({ state: 'attached' })
    await code.focus()
    await paste(
      page,
      "function lambda(input, callback) {\n  console.info('greeting', input.payload.name)\n  callback(null, { text: `Hello ${input.payload.name}` })\n}",
    )
    await page.getByText('Not saved', { exact: true }).waitFor()
    const payload = page.getByRole('textbox', { name: 'Payload', exact: true })
    await payload.focus()
    await paste(page, '{"name":"Ada"}')
    await page.keyboard.press('ControlOrMeta+Enter')
    await page.getByText('Succeeded').waitFor()
    await page.getByText('"text": "Hello Ada"').waitFor()
    await check(page, 'console-editor')

    await page.getByRole('button', { name: 'Deploy', exact: true }).press('Enter')
    await page.getByRole('heading', { name: 'Deploy this draft?' }).waitFor()
    await check(page, 'console-deploy')
    await page.keyboard.press('Enter')
    await page.getByText(/Version \d+ is live/).waitFor()
    await page.getByText('Productive').waitFor()

    await page.getByRole('link', { name: 'Logs' }).last().press('Enter')
    await page.getByText('Live', { exact: true }).waitFor()
    const { functions } = await call<{ functions: { functionId: string; name: string }[] }>(
      account,
      'GET',
      'functions',
    )
    const functionId = functions.find(({ name }) => name === 'greeter')?.functionId
    for (const name of ['Grace', 'Edsger']) {
      await call(account, 'POST', `functions/${functionId}/test`, {
        payload: { name },
        keepLogs: true,
      })
    }
    await page.getByText('greeting').nth(1).waitFor()
    await check(page, 'console-logs')
    expect(problems.filter((text) => !text.includes('401'))).toEqual([])
    expect([...origins]).toEqual([new URL(server.url).host])
  },
  180_000,
)
