import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Answers requests of this address with an error, if `isMeant`: those that read. */
export async function fails(
  page: Page,
  path: RegExp,
  isMeant: (method: string) => boolean = (method) => method === 'GET',
): Promise<void> {
  const json = { error: { code: 'internal', message: 'Something failed' } }
  await page.route(path, (route) =>
    isMeant(route.request().method()) ? route.fulfill({ status: 500, json }) : route.continue(),
  )
}

/**
 * Has what failed answered, and asks for it again by these buttons.
 * A page reads again by itself, too: a button that has gone by then is not waited for.
 */
export async function triesAgain(page: Page, path: RegExp, ...buttons: Locator[]): Promise<void> {
  for (const button of buttons) await button.first().waitFor()
  await page.unroute(path)
  for (const button of buttons)
    await button.evaluateAll((all) => all.map((one) => (one as HTMLElement).click()))
}

/** Has what failed answered when it is asked for again by this button, which keeps the focus until then. */
export async function readsAgain(page: Page, path: RegExp, again: Locator): Promise<void> {
  await again.waitFor()
  const answers = Promise.withResolvers<void>()
  await page.route(path, async (route) => {
    await answers.promise
    await route.continue()
  })
  // It may be read again by itself as well.
  await again.press('Enter')
  await expect.poll(() => again.getAttribute('aria-disabled')).toBe('true')
  expect(await again.evaluate((one) => one.ownerDocument.activeElement === one)).toBe(true)
  answers.resolve()
  await again.waitFor({ state: 'detached' })
  await page.unroute(path)
}
