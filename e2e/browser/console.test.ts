import { anotherScene, call } from '@parley/server/testing'
import type { BrowserContext, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser, openContext } from './browser.fixture.ts'
import {
  check,
  consoleAt,
  openConsole,
  paste,
  signIn,
  quickest,
  pressInDialog,
} from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

/** Scripts of more than 300 KB: only the editor is so large. */
const EDITOR_SCRIPTS = `performance.getEntriesByType('resource')
  .filter(({ name, encodedBodySize }) => name.includes('.js') && encodedBodySize > 300_000).length`
/** On an ordinary machine with two cores. */
const MAX_START_MS = 1_500

test.skipIf(!hasBrowser)(
  'from the sign-in to a function that is live, by keyboard alone, and its log as it comes',
  async () => {
    const account = await anotherScene(served.server)
    const { accountId, admin } = account
    await using opened = await openConsole(served.browser, served.server.url, '')
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
    await pressInDialog(page, 'Enter')
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
    expect([...origins]).toEqual([new URL(served.server.url).host])
  },
)

test.skipIf(!hasBrowser)(
  'a page can be used soon after its address was opened, also by a browser that has nothing of it',
  async () => {
    const account = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, account, '/functions')
    const { page } = opened
    const isUsable = (shown: Page) => shown.getByRole('link', { name: 'New function' }).focus()
    const warm = await quickest(async () => {
      await page.reload()
      await isUsable(page)
    })
    // A profile of its own each time, without anything but who is signed in.
    const storageState = await page.context().storageState()
    const profiles: BrowserContext[] = []
    const cold = await quickest(
      async () => {
        const fresh = profiles.at(-1)?.pages().at(-1)
        if (!fresh) throw new Error('There is no fresh profile')
        await fresh.goto(page.url())
        await isUsable(fresh)
      },
      async () => {
        const profile = await openContext(served.browser, { storageState, locale: 'en-GB' })
        profiles.push(profile)
        await profile.newPage()
      },
    )
    for (const profile of profiles) await profile.close()
    console.info(
      `From the address to a page that can be used: ${Math.round(warm)} ms, with an empty cache ${Math.round(cold)} ms`,
    )
    expect(warm).toBeLessThanOrEqual(MAX_START_MS)
    expect(cold).toBeLessThanOrEqual(MAX_START_MS)
  },
)
