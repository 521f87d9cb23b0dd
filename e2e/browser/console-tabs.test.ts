import { randomUUID } from 'node:crypto'
import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, heading, signIn } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// The console in several tabs of one browser.

const served = servedConsole()

/** More than a browser has connections for one server. */
const TABS = 7
const UNSEEN = '00:11'

/** The browser of these tests has no windows: for it, all tabs are seen. */
async function show(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${!isSeen} })
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${isSeen ? 'visible' : 'hidden'}' })
    document.dispatchEvent(new Event('visibilitychange'))
  `)
}

test.skipIf(!hasBrowser)(
  'seven tabs are read one after the other, and one that is seen again shows what has changed meanwhile',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/secrets')
    const context = opened.page.context()
    await opened.page.clock.install()
    await call(scene, 'POST', 'secrets', { name: 'of-before', value: 'x' })
    const seen = [opened.page]
    for (let tab = 2; tab <= TABS; tab++) {
      const before = seen.at(-1) ?? opened.page
      await before.getByText('of-before').waitFor()
      await show(before, false)
      await before.clock.fastForward(UNSEEN)
      const page = await context.newPage()
      await page.clock.install()
      // Logs have a stream of their own.
      if (tab === 2) {
        await page.goto(`${scene.url}/console/${scene.accountId}/logs`)
        await page.getByText('Live', { exact: true }).first().waitFor()
        await show(page, false)
        await page.clock.fastForward(UNSEEN)
      }
      await page.goto(`${scene.url}/console/${scene.accountId}/secrets`)
      seen.push(page)
    }
    await seen.at(-1)?.getByText('of-before').waitFor()
    await call(scene, 'POST', 'secrets', { name: 'of-a-colleague', value: 'x' })
    await seen.at(-1)?.getByText('of-a-colleague').waitFor()
    expect(await opened.page.getByText('of-a-colleague').count()).toBe(0)
    await show(opened.page, true)
    await opened.page.getByText('of-a-colleague').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'logs of a tab that was not seen for long have no gap: what is not here yet is read as it is scrolled to',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(
      "function lambda(input, callback) { console.info('the first line'); callback() }",
      { name: 'talker' },
    )
    await lambdasOf(scene).invoke(functionId, {})
    await using opened = await consoleAt(served.browser, scene, '/logs')
    const { page } = opened
    await page.getByText('the first line').waitFor()
    await page.clock.install()
    await show(page, false)
    await page.clock.fastForward(UNSEEN)
    await page.getByText('Live', { exact: true }).first().waitFor({ state: 'detached' })
    const { db } = served.server.context.store
    const line = await db
      .selectFrom('logEntry')
      .selectAll()
      .where('accountId', '=', scene.accountId)
      .executeTakeFirstOrThrow()
    const later = Array.from({ length: 1_200 }, (_, at) => ({
      ...line,
      recordId: randomUUID(),
      at: new Date(line.at.getTime() + at + 1),
      message: `line ${at} of many`,
      extras: JSON.stringify([]),
    }))
    await db
      .insertInto('logEntry')
      .values(later as never)
      .execute()
    await show(page, true)
    await page.getByText('1,000+ lines').waitFor()
    await expect
      .poll(async () => {
        // What had the focus is gone when the server's answer takes its place.
        await page.getByRole('treegrid').getByRole('row').first().press('End')
        return await page.getByText('1,201 lines').count()
      })
      .toBe(1)
  },
)

test.skipIf(!hasBrowser)(
  'what is written in one tab is kept until it is saved there, whatever another tab saves; a new tab takes it when the tab is gone',
  async () => {
    const scene = await anotherScene(served.server)
    const { uuid } = await lambdasOf(scene).create(SOURCE, { name: 'writer' })
    await using opened = await consoleAt(served.browser, scene, `/functions/${uuid}`)
    const one = opened.page
    const context = one.context()
    const another = async (): Promise<Page> => {
      const page = await context.newPage()
      await page.goto(one.url())
      await code(page, 'lambda').waitFor()
      return page
    }
    const two = await another()
    await write(two, '// of two')
    await write(one, '// of one')
    await one.keyboard.press('ControlOrMeta+s')
    await one.getByText('Version 2 is saved.').waitFor()

    await two.reload()
    await code(two, 'of two').waitFor()
    await two.getByText('Work that was not saved is back.').waitFor()
    const three = await another()
    await code(three, 'of one').waitFor()
    expect(await three.getByText('Work that was not saved is back.').count()).toBe(0)
    await two.close()
    await three.reload()
    await code(three, 'of two').waitFor()
    await three.reload()
    await code(three, 'of two').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a copy of a tab keeps what is written in it apart from what is written in the other one',
  async () => {
    const scene = await anotherScene(served.server)
    const { uuid } = await lambdasOf(scene).create(SOURCE, { name: 'writer' })
    await using opened = await consoleAt(served.browser, scene, `/functions/${uuid}`)
    const one = opened.page
    await write(one, '// of one')
    const opening = one.waitForEvent('popup')
    await one.evaluate('open(location)')
    const copy = await opening
    const idOf = (page: Page) => page.evaluate("sessionStorage.getItem('parley.tab')")
    const id = await idOf(one)
    await expect.poll(() => idOf(copy)).not.toBe(id)
    await write(copy, '// of the copy')
    await copy.getByRole('button', { name: 'Discard' }).press('Enter')
    await copy.getByRole('dialog').getByRole('button', { name: 'Discard' }).press('Enter')
    await code(copy, 'lambda').waitFor()

    await one.reload()
    await code(one, 'of one').waitFor()
    expect(await idOf(one)).toBe(id)
  },
)

test.skipIf(!hasBrowser)(
  'what is written for a function is shown neither for another one nor to somebody else at the same browser',
  async () => {
    const scene = await anotherScene(served.server)
    const ada = { user: 'ada', password: 'a long enough password' }
    await call(scene, 'POST', 'users', {
      loginName: ada.user,
      password: ada.password,
      role: 'administrator',
    })
    const lambdas = lambdasOf(scene)
    const { uuid } = await lambdas.create(SOURCE, { name: 'writer' })
    await lambdas.create(SOURCE, { name: 'reader' })
    await using opened = await consoleAt(served.browser, scene, `/functions/${uuid}`)
    const { page } = opened
    const address = page.url()
    await write(page, '// not saved')
    await page.getByRole('button', { name: 'Go to…' }).press('Enter')
    const found = page.getByRole('dialog', { name: 'Go to' }).getByRole('menuitem')
    await found.first().waitFor()
    await page.keyboard.type('reader')
    await expect.poll(() => found.count()).toBe(1)
    await page.keyboard.press('Enter')
    await heading(page, 'reader')
    await code(page, 'lambda').waitFor()
    expect(await code(page, 'not saved').count()).toBe(0)

    await page.getByRole('button', { name: scene.admin.user }).press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
    await page.goto(address)
    await signIn(page, ada)
    await heading(page, 'writer')
    await code(page, 'lambda').waitFor()
    expect(await code(page, 'not saved').count()).toBe(0)
  },
)

const SOURCE = 'function lambda(input, callback) { callback(null, 1) }'

const code = (page: Page, text: string) =>
  page.locator('.editor-code .view-line').filter({ hasText: text }).first()

async function write(page: Page, line: string): Promise<void> {
  await page.bringToFront()
  await page.getByRole('textbox', { name: /Source of writer/ }).focus()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.insertText(`${line}\n`)
  await page.getByText('Not saved', { exact: true }).waitFor()
}
