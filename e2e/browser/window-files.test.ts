import { startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { dispatchFiles } from './drop.fixture.ts'
import { openStage } from './stage.fixture.ts'

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer()
  if (hasBrowser) browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test.skipIf(!hasBrowser)(
  'an upload shows how far it is; one that is cut off is sent again, and can be tried again',
  async () => {
    await using stage = await openStage(server, browser)
    const { page, agent, write, accept } = stage
    await write('I send a picture')
    const conversationId = await accept()
    const held = Promise.withResolvers<void>()
    let tries = 0
    await page.route('**/AUTH_async-images/**', async (route) => {
      if (route.request().method() !== 'PUT') return await route.continue()
      if (++tries > 3) return await route.continue()
      await held.promise
      return await route.abort()
    })
    const send = (name: string, mimeType: string, content: Buffer) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer: content })
    const picture = await page.screenshot()

    await send('garden.png', 'image/png', picture)
    await page.getByRole('progressbar', { name: 'Uploading: garden.png' }).waitFor()
    held.resolve()
    await page.getByRole('alert').getByText('There is no connection').waitFor()
    expect(tries).toBe(3)
    await button(page, 'Try again').click()
    await agent.message(conversationId, ({ event }) => event.contentType === 'hosted/file')
    await expect.poll(() => page.getByRole('progressbar').count()).toBe(0)
    const image = page.getByRole('img', { name: 'Picture: garden.png' })
    await image.waitFor()

    // After a reload the picture comes from the server.
    await page.reload()
    await image.waitFor()
    await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(480)

    await send('run.exe', 'application/x-msdownload', Buffer.from('MZ'))
    await page.getByText('Only pictures, PDF and text files can be sent').waitFor()
    await send('large.txt', 'text/plain', Buffer.alloc(6_000_000))
    await page.getByText('The file is larger than 5 MB').waitFor()
    await button(page, 'Remove').last().click()
    await expect.poll(() => page.getByText('The file is larger').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'several files go in their order, chosen or dropped; too many are named',
  async () => {
    await using stage = await openStage(server, browser)
    const { page, write, accept } = stage
    await write('I send several')
    await accept()
    const textFile = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) })
    const empty = { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) }
    await page
      .locator('input[type=file]')
      .setInputFiles([textFile('a.txt'), empty, textFile('b.txt')])
    await page
      .getByRole('listitem')
      .filter({ hasText: 'empty.txt' })
      .getByText('The file is empty')
      .waitFor()
    const names = Array.from({ length: 12 }, (_, index) => `${index + 1}.txt`)
    const log = page.getByRole('log')
    const sent = async () => {
      const items = log.getByRole('listitem').filter({ has: page.locator('time') })
      const texts = await items.filter({ hasText: '.txt' }).allTextContents()
      return texts.map((text) => /(\w+\.txt)/.exec(text)?.[1])
    }
    await expect.poll(sent).toEqual(['a.txt', 'b.txt'])
    await dispatchFiles(log, 'dragover', names)
    await page.locator('.dropping').waitFor()
    await dispatchFiles(log, 'drop', names)
    await page.getByText('At most 10 files can be sent at once. Not sent: 11.txt, 12.txt').waitFor()
    await expect.poll(sent).toEqual(['a.txt', 'b.txt', ...names.slice(0, 10)])
    // The page stays where a file is dropped beside.
    expect(await dispatchFiles(page.locator('header').first(), 'drop', ['13.txt'])).toBe(true)
  },
)
