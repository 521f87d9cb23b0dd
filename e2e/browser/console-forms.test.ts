import { anotherScene } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, pick } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// What somebody has typed into a page stays until it is saved or given up.

/** Of a date with its time, in a browser that writes "AM" behind it. */
const PARTS = 6

const served = servedConsole()

test.skipIf(!hasBrowser).for(['audit', 'conversations'])(
  'a time limits /%s when it is written to its end, and limits nothing more when it is taken out',
  async (path) => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(
      served.browser,
      scene,
      `/${path}?from=2026-10-10T09:00:00.000Z`,
      { timezoneId: 'UTC' },
    )
    const { page } = opened
    const from = page.getByLabel('From', { exact: true })
    const limit = () => new URL(page.url()).searchParams.get('from')

    await from.focus()
    // A month, or a day where browsers ask for it first, that is not written to its end.
    await page.keyboard.type('0')
    expect(await from.evaluate((field) => field.matches(':invalid'))).toBe(true)
    expect(await from.inputValue()).toBe('')
    await page.keyboard.type('9')
    await expect.poll(limit).toMatch(/^2026-(09-10|10-09)T09:00:00.000Z$/)
    expect(await from.inputValue()).toBe(limit()?.slice(0, 16))

    await page.keyboard.press('ArrowLeft')
    for (let part = 0; part < PARTS; part++) {
      await page.keyboard.press('Delete')
      await page.keyboard.press('ArrowRight')
    }
    await page.getByLabel('To', { exact: true }).focus()
    await expect.poll(limit).toBeNull()
    await page.getByLabel('To', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Time' }).press('Enter')
    await pick(page, { name: 'Last hour' })
    await expect.poll(limit).not.toBeNull()
    await page.getByRole('button', { name: 'Time' }).press('Enter')
    await pick(page, { name: 'All', exact: true })
    await from.waitFor({ state: 'detached' })
    await expect.poll(limit).toBeNull()
  },
)
