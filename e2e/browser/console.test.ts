import { anotherScene, call, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import {
  check,
  consoleAt,
  consoleIsBuilt,
  openConsole,
  paste,
  signIn,
  quickest,
} from './console.fixture.ts'

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  if (!hasBrowser) return
  await consoleIsBuilt(server)
  browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

/** Scripts of more than 300 KB: only the editor is so large. */
const EDITOR_SCRIPTS = `performance.getEntriesByType('resource')
  .filter(({ name, encodedBodySize }) => name.includes('.js') && encodedBodySize > 300_000).length`
/** On an ordinary machine with two cores. */
const MAX_START_MS = 1_500

test.skipIf(!hasBrowser)(
  'from the sign-in to a function that is live, by keyboard alone, and its log as it comes',
  async () => {
    const account = await anotherScene(server)
    const { accountId, admin } = account
    await using opened = await openConsole(browser, server.url, '')
    const { page, problems, origins } = opened
    await page.getByLabel('Account').fill(accountId)
    await check(page, 'console-sign-in')
    await signIn(page, { ...admin, password: 'wrong' })
    await page.getByText('Account, login name or password are wrong.').waitFor()
    await signIn(page, admin)
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    await page.getByRole('link', { name: 'Functions', exact: true }).press('Enter')
    await page.getByRole('heading', { name: 'Functions' }).waitFor()
    await check(page, 'console-functions')
    // What came to see this page, as it was sent.
    const kilobytes = await page.evaluate<number>(
      `performance.getEntriesByType('resource').filter(({ name }) => name.includes('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024`,
    )
    console.info(`First load of the console: ${Math.round(kilobytes)} KB of scripts`)
    expect(kilobytes).toBeGreaterThan(50)
    expect(kilobytes).toBeLessThanOrEqual(300)
    expect(await page.evaluate(EDITOR_SCRIPTS)).toBe(0)

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
    expect(await page.evaluate<number>(EDITOR_SCRIPTS)).toBeGreaterThan(0)
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
)

test.skipIf(!hasBrowser)('a page can be used soon after its address was opened', async () => {
  const account = await anotherScene(server)
  await using opened = await consoleAt(browser, account, '/functions')
  const { page } = opened
  const ms = await quickest(async () => {
    await page.reload()
    await page.getByRole('link', { name: 'New function' }).focus()
  })
  console.info(`From the address to a page that can be used: ${Math.round(ms)} ms`)
  expect(ms).toBeLessThanOrEqual(MAX_START_MS)
})
