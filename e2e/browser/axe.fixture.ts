import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What depends on colours alone: enough for another look of a page that has been looked at. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block']

/**
 * What axe finds wrong with the page, with the elements. Frames are left out: they show the consumer's page, which has tests of its own,
 * and mails.
 */
export async function axeFindings(
  page: Page,
  look: 'all' | 'colours' = 'all',
): Promise<{ id: string; html: string[] }[]> {
  // Once for each document: it is large.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const rules = look === 'colours' ? OF_COLOURS : undefined
  return await page.evaluate(async (rules) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe }
    // What a screen reader has been told of a button that is gone.
    const context = { exclude: ['[data-live-announcer]'] }
    const { violations } = await inPage.run(context, {
      iframes: false,
      resultTypes: ['violations'],
      ...(rules && { runOnly: rules }),
    })
    return violations.map(({ id, nodes }) => ({ id, html: nodes.map((one) => one.html) }))
  }, rules)
}
