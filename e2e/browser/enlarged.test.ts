import { anotherScene, call } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, go, heading } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt } from './workspace.fixture.ts'

/** What is left of a window of 1280 × 1024, and of one of a laptop, that is enlarged four times. */
const ENLARGED = [
  { width: 320, height: 256 },
  { width: 341, height: 162 },
]
/** A few lines. */
const MIN_ROOM = 100

const served = servedConsole()

/** The height of what is seen of it once it is scrolled to: of the window, not of what it is scrolled in. */
const room = (page: Page, selector: string) =>
  page.locator(selector).evaluate((box) => {
    box.scrollIntoView({ block: 'start' })
    const { top, bottom } = box.getBoundingClientRect()
    return Math.min(bottom, box.ownerDocument.documentElement.clientHeight) - Math.max(top, 0)
  })

test.skipIf(!hasBrowser)(
  'in a window that is enlarged four times there is room for the page below the bars of the console',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/limits')
    const { page } = opened
    for (const size of ENLARGED) {
      await page.setViewportSize(size)
      for (const name of ['Logs', 'Limits']) {
        await go(page, name)
        await heading(page, name === 'Limits' ? 'Limits and retention' : name)
        expect(await room(page, 'main')).toBeGreaterThanOrEqual(MIN_ROOM)
      }
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
      expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0)
    }
  },
)

test.skipIf(!hasBrowser)(
  'in a window that is enlarged four times agents and consumers see messages above the field',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene, 'small words')
    for (const size of ENLARGED) {
      for (const [page, log] of [
        [talk.page, '.log-box'],
        [talk.consumer.page, '.scroller'],
      ] as const) {
        await page.setViewportSize(size)
        expect(await room(page, log)).toBeGreaterThanOrEqual(MIN_ROOM)
        await page.getByRole('textbox', { name: 'Write a message' }).focus()
        expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0)
      }
    }
    await talk.field.fill('larger words')
    await talk.field.press('Enter')
    await talk.log.getByText('larger words').waitFor()
    await expect.poll(() => isAtEnd(talk.page)).toBe(true)

    await talk.page.getByRole('button', { name: 'Consumer' }).press('Enter')
    await talk.page.getByRole('region', { name: 'Consumer' }).waitFor()
    const top = () =>
      talk.page.locator('.facts-pane').evaluate((one) => one.getBoundingClientRect().top)
    await expect.poll(top).toBeLessThan(ENLARGED[1]?.height ?? 0)
  },
)

/** Of the messages of the workspace. */
const isAtEnd = (page: Page) =>
  page.locator('.log-box').evaluate((log) => {
    return log.scrollHeight - log.scrollTop - log.clientHeight < 2
  })

test.skipIf(!hasBrowser)(
  'a page begins at its top, however far the one before it was scrolled, and Back leads to where that was',
  async () => {
    const scene = await anotherScene(served.server)
    for (let count = 0; count < 30; count++) {
      await call(scene, 'POST', 'skills', { name: `skill ${count}` })
    }
    await using opened = await consoleAt(served.browser, scene, '/limits')
    const { page } = opened
    const main = page.getByRole('main')
    const limits = page.getByRole('heading', { level: 1, name: 'Limits and retention' })
    await limits.waitFor()
    await go(page, 'Skills and hours')
    await page.getByRole('button', { name: 'Edit skill skill 29' }).waitFor()
    await main.evaluate((one) => one.scrollTo(0, one.scrollHeight))
    expect(await main.evaluate((one) => one.scrollTop)).toBeGreaterThan(100)
    await go(page, 'Limits')
    await limits.waitFor()
    await page.getByRole('textbox').first().waitFor()
    expect(await main.evaluate((one) => one.scrollTop)).toBe(0)
    await page.goBack()
    await page.getByRole('button', { name: 'Edit skill skill 29' }).waitFor()
    await expect.poll(() => main.evaluate((one) => one.scrollTop)).toBeGreaterThan(100)
    await page.goForward()
    await limits.waitFor()
    expect(await main.evaluate((one) => one.scrollTop)).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'in the colours of the system one sees which conversation and which page is chosen, what is unread, and where a dialog ends',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene, 'first words', {
      forcedColors: 'active',
    })
    const chosen = talk.page.locator('.talk-row[aria-current]')
    const widthOf = (one: Element) => parseFloat(getComputedStyle(one).borderInlineStartWidth)
    expect(await chosen.evaluate(widthOf)).toBeGreaterThanOrEqual(3)

    await using opened = await consoleAt(served.browser, scene, '/skills', {
      forcedColors: 'active',
    })
    const { page } = opened
    const current = page.getByRole('navigation').getByRole('link', { name: 'Skills and hours' })
    expect(await current.evaluate(widthOf)).toBeGreaterThanOrEqual(3)
    await page.getByRole('button', { name: 'New skill' }).press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await page.locator('.modal').evaluate(widthOf)).toBeGreaterThanOrEqual(1)
  },
)
