import { anotherScene } from '@parley/server/testing'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check } from './console.fixture.ts'
import { dispatchFiles } from './drop.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt } from './workspace.fixture.ts'

const served = servedConsole()

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const textFile = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) })
const choose = (page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.locator('input[type=file]').setInputFiles(files)
/** The names of the text files of a log, in its order. */
const namesIn = (log: Locator) =>
  log
    .getByRole('button', { name: /\.txt$/ })
    .allTextContents()
    .then((texts) => texts.map((text) => text.replace('File: ', '').trim()))

test.skipIf(!hasBrowser)(
  'pictures and files go both ways; what only says that it is a picture stands there by its name',
  async () => {
    await using talk = await talkAt(served.browser, await anotherScene(served.server))
    const { consumer, page, log } = talk
    const attach = (at: Page, name: string, mimeType: string, buffer: Buffer) =>
      choose(at, [{ name, mimeType, buffer }])
    await attach(consumer.page, 'parcel.png', 'image/png', PNG)
    await log.getByRole('img', { name: 'Picture: parcel.png' }).waitFor()
    await attach(page, 'label.png', 'image/png', PNG)
    await consumer.page.getByRole('img', { name: /label\.png/ }).waitFor()
    await log.getByRole('img', { name: 'Picture: label.png' }).waitFor()
    await attach(page, 'terms.txt', 'text/plain', Buffer.from('Our terms'))
    await log.getByRole('button', { name: /terms\.txt/ }).waitFor()
    await check(page, 'workspace-files')
    await attach(page, 'not.png', 'image/png', Buffer.from('<script>alert(1)</script>'))
    await log.getByText('Picture: not.png').waitFor()
    await attach(page, 'tool.exe', 'application/octet-stream', Buffer.from('MZ'))
    await page
      .getByRole('alert')
      .getByText('tool.exe is not sent: only pictures, PDF and text files can be.')
      .waitFor()
    expect(await log.getByText('tool.exe').count()).toBe(0)
    // A note takes no files: they would be for the consumer.
    await page.getByRole('button', { name: 'Private note' }).press('Enter')
    await page.getByRole('button', { name: 'Send files' }).waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser)(
  'who is at the end of a conversation sees a picture whole when it has been loaded',
  async () => {
    await using talk = await talkAt(served.browser, await anotherScene(served.server))
    const { consumer, page, log, field } = talk
    await field.fill('a line\n'.repeat(40))
    await field.press('Enter')
    await log.getByText('a line').waitFor()
    const square = `(() => {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = 400
      return canvas.toDataURL('image/png').split(',')[1]
    })()`
    const buffer = Buffer.from(await consumer.page.evaluate<string>(square), 'base64')
    await choose(consumer.page, [{ name: 'tall.png', mimeType: 'image/png', buffer }])
    const picture = log.getByRole('img', { name: 'Picture: tall.png' })
    await expect.poll(() => picture.boundingBox().then((box) => box?.height)).toBe(240)
    await expect
      .poll(() => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
      .toBeLessThan(1)
    expect(await page.getByRole('button', { name: /newest|new message/ }).count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'several files go in the order in which they were chosen; one that fails goes again alone',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene, 'send me all', { isCut: true })
    const { consumer, page, log, field } = talk
    const held = Promise.withResolvers<void>()
    let uploads = 0
    await page.route('**/AUTH_async-images/**', async (route) => {
      if (route.request().method() !== 'PUT') return await route.continue()
      uploads += 1
      if (uploads === 1) await held.promise
      return uploads >= 2 && uploads <= 4 ? await route.abort() : await route.continue()
    })
    await choose(page, [
      textFile('a.txt'),
      { name: 'tool.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') },
      textFile('b.txt'),
      { name: 'large.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(6_000_000) },
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
      textFile('c.txt'),
    ])
    await page.getByRole('progressbar', { name: 'Uploading: a.txt' }).waitFor()
    await page.getByRole('status').getByText('3 files are on their way…').waitFor()
    const problems = page.getByRole('list', { name: 'Files that are not sent yet' })
    await problems
      .getByRole('alert')
      .getByText('large.pdf is not sent: the file is larger than 5 MB.')
      .waitFor()
    await problems
      .getByRole('alert')
      .getByText('empty.txt is not sent: the file is empty.')
      .waitFor()
    await check(page, 'workspace-several-files')
    held.resolve()
    await problems.getByText('b.txt is not sent: the connection broke off.').waitFor()
    await expect.poll(() => namesIn(log)).toEqual(['a.txt', 'c.txt'])
    await page.getByRole('button', { name: 'Remove tool.exe' }).press('Enter')
    await problems.getByText(/^tool\.exe/).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Send b.txt again' }).press('Enter')
    await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true)
    await expect.poll(() => namesIn(log)).toEqual(['a.txt', 'c.txt', 'b.txt'])
    const texts = () => namesIn(consumer.page.getByRole('log'))
    await expect.poll(texts).toEqual(['a.txt', 'c.txt', 'b.txt'])
    expect(uploads).toBe(6)
  },
)

test.skipIf(!hasBrowser)(
  'files are dropped onto the conversation or pasted, ten at once; beside it they do nothing',
  async () => {
    await using talk = await talkAt(served.browser, await anotherScene(served.server))
    const { page, log, field } = talk
    const hint = page.getByText('Drop the files here to send them to the consumer')
    expect(await dispatchFiles(log, 'dragover', ['a.txt'])).toBe(true)
    await hint.waitFor()
    await check(page, 'workspace-drop')
    const beside = page.getByRole('navigation')
    expect(await dispatchFiles(beside, 'dragover', ['a.txt'])).toBe(true)
    expect(await dispatchFiles(beside, 'drop', ['a.txt'])).toBe(true)
    await hint.waitFor({ state: 'detached' })
    expect(
      await page
        .getByRole('status')
        .getByText(/on (its|their) way/)
        .count(),
    ).toBe(0)

    const names = Array.from({ length: 12 }, (_, index) => `${index + 1}.txt`)
    expect(await dispatchFiles(log, 'drop', names)).toBe(true)
    await page
      .getByRole('alert')
      .getByText('At most 10 files can be on their way at once. Not sent: 11.txt, 12.txt')
      .waitFor()
    await expect.poll(() => namesIn(log)).toEqual(names.slice(0, 10))
    await dispatchFiles(field, 'paste', ['13.txt', '14.txt'])
    await expect.poll(() => namesIn(log)).toEqual([...names.slice(0, 10), '13.txt', '14.txt'])
  },
)
