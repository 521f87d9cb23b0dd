import { randomUUID } from 'node:crypto'
import { anotherScene, lambdasOf, type Scene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, pick, quickest } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// The page of logs with as many lines as it shows.

const served = servedConsole()

const LINES = 5_000
/** From a key to what it shows, on an ordinary machine. */
const MAX_ANSWER_MS = 200

let scene: Scene
let functionId: string
let opened: Awaited<ReturnType<typeof consoleAt>>
let page: Page
beforeAll(async () => {
  if (!hasBrowser) return
  scene = await anotherScene(served.server)
  functionId = await lambdasOf(scene).deployed(
    'function lambda({ payload }, callback) { console.info(payload.say); callback() }',
    { name: 'talker' },
  )
  await lambdasOf(scene).invoke(functionId, { say: 'the first line' })
  await copyFirstLine()
  opened = await consoleAt(served.browser, scene, '/logs')
  page = opened.page
})
afterAll(async () => await opened?.[Symbol.asyncDispose]())

/** As if the function had said it again and again, each hundredth time as a warning. */
async function copyFirstLine(): Promise<void> {
  const { db } = served.server.context.store
  const { entries } = (await lambdasOf(scene).native('GET', '/logs')).json<{
    entries: { message: string }[]
  }>()
  expect(entries).toMatchObject([{ message: 'the first line' }])
  const line = await db
    .selectFrom('logEntry')
    .selectAll()
    .where('accountId', '=', scene.accountId)
    .executeTakeFirstOrThrow()
  const copies = Array.from({ length: LINES - 1 }, (_, at) => ({
    ...line,
    recordId: randomUUID(),
    at: new Date(line.at.getTime() - at - 1),
    level: at % 100 === 0 ? 'Warn' : 'Info',
    message: `line ${at} of many`,
    extras: JSON.stringify([{ at }]),
  }))
  for (let from = 0; from < copies.length; from += 1_000) {
    await db
      .insertInto('logEntry')
      .values(copies.slice(from, from + 1_000) as never)
      .execute()
  }
}

const rows = () => page.getByRole('treegrid').getByRole('row')

/** In the page, so that only the page is measured: does something, and resolves when it shows. */
const shows = (act: string, isShown: string): string => `new Promise((resolve) => {
  ${act}
  const look = () => (${isShown}) ? resolve() : requestAnimationFrame(look)
  look()
})`
const press = (key: string): string =>
  `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true, cancelable: true }))`
const LIST = `document.querySelector('.log-list')`

async function measure(what: string, act: string, before: () => Promise<unknown>): Promise<void> {
  const ms = await quickest(() => page.evaluate(act), before)
  console.info(`${what}, of ${LINES.toLocaleString('en')} lines: ${Math.round(ms)} ms`)
  expect(ms).toBeLessThanOrEqual(MAX_ANSWER_MS)
}

test.skipIf(!hasBrowser)(
  'older lines are read as they are scrolled to, and few of them are in the page',
  async () => {
    await page.getByText('1,000+ lines').waitFor()
    await loadAll()
    await page.keyboard.press('End')
    await expect.poll(() => rows().last().textContent()).toContain(`line ${LINES - 2} of many`)
    expect(await rows().count()).toBeLessThan(120)
  },
)

test.skipIf(!hasBrowser)(
  'a key, a scroll and a filter are answered at once, and a line opens at once',
  async () => {
    const at = (index: number) => `document.activeElement.dataset.index === '${index}'`
    const first = () => page.evaluate(shows(press('Home'), at(0)))
    const last = () => page.evaluate(shows(press('End'), at(LINES - 1)))
    await rows().last().focus()
    await measure('From the last line to the first', shows(press('Home'), at(0)), last)
    await measure('From the first line to the last', shows(press('End'), at(LINES - 1)), first)
    await measure(
      'To the middle by scrolling',
      shows(
        `${LIST}.scrollTop = ${LIST}.scrollHeight / 2`,
        `[...${LIST}.querySelectorAll('[data-index]')].some(({ dataset }) => Math.abs(dataset.index - ${LINES / 2}) < 200)`,
      ),
      async () => {
        await page.evaluate(`${LIST}.scrollTop = 0`)
        await page.locator('.log-list [data-index="0"]').waitFor()
      },
    )
    await page.evaluate(`${LIST}.scrollTop = 0`)
    await page.locator('.log-list [data-index="0"]').focus()
    const isOpen = `document.activeElement.getAttribute('aria-expanded')`
    await measure('A line opens', shows(press('Enter'), `${isOpen} === 'true'`), async () => {
      if ((await page.evaluate(isOpen)) === 'true') await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate(isOpen)).toBe('false')
    })

    const text = page.getByRole('searchbox', { name: 'Text' })
    const ms = await quickest(
      async () => {
        await page.keyboard.insertText('LINE 4321 ')
        await page.getByText('1 line', { exact: true }).waitFor()
      },
      async () => {
        await text.fill('')
        await loadAll()
        await text.focus()
      },
    )
    console.info(`What fits a filter, of 5,000 lines: ${Math.round(ms)} ms`)
    expect(ms).toBeLessThanOrEqual(MAX_ANSWER_MS)
    await page.getByText('line 4321 of many').waitFor()
    await page.getByRole('button', { name: /Level/ }).press('Enter')
    await pick(page, { name: 'Warning' })
    await page.getByText('No line of the last day matches.').waitFor()
    await text.fill('')
    await page.getByText('50 lines', { exact: true }).waitFor()
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ level: 'Warn' })
  },
)

async function loadAll(): Promise<void> {
  const all = page.getByText('5,000 lines', { exact: true })
  await expect
    .poll(async () => {
      // What had the focus is gone when the server's answer takes its place.
      await rows().last().focus()
      await page.keyboard.press('End')
      return await all.count()
    })
    .toBe(1)
}

test.skipIf(!hasBrowser)(
  'while a line is in the reader’s hand the list stays, and says how many lines wait',
  async () => {
    await using another = await consoleAt(served.browser, scene, '/logs')
    const reader = another.page
    const status = reader.getByRole('status').filter({ hasText: /Live|new line/ })
    const list = reader.getByRole('treegrid').getByRole('row')
    const say = (words: string) => lambdasOf(scene).invoke(functionId, { say: words })
    await reader.getByText('Live', { exact: true }).waitFor()
    await reader.getByText('1,000+ lines').waitFor()
    await say('shown at once')
    await expect.poll(() => list.first().textContent()).toContain('shown at once')

    await list.nth(3).focus()
    const inHand = await reader.evaluate('document.activeElement.textContent')
    await say('waits first')
    await say('waits second')
    await expect.poll(() => status.textContent()).toContain('2 new lines')
    expect(await reader.evaluate('document.activeElement.textContent')).toBe(inHand)
    expect(await list.first().textContent()).toContain('shown at once')

    await reader.keyboard.press('Space')
    await expect.poll(() => list.first().textContent()).toContain('waits second')
    await reader.getByText('Live', { exact: true }).waitFor()
    // Scrolling is reading, too.
    await reader.evaluate(`${LIST}.scrollTop = 400`)
    await expect.poll(() => status.textContent()).toContain('0 new lines')
    await say('waits third')
    await expect.poll(() => status.textContent()).toContain('1 new line')
    await reader.getByRole('button', { name: 'Resume' }).press('Enter')
    await expect.poll(() => list.first().textContent()).toContain('waits third')
  },
)
