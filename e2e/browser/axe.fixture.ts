import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** What depends on colours alone: enough for another look of a page that has been looked at. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong with the page, with the elements. */
export async function axeFindings(
  page: Page,
  look: 'all' | 'colours' = 'all',
): Promise<{ id: string; html: string[] }[]> {
  const axe = new AxeBuilder({ page })
    // What a screen reader has been told of a button that is gone.
    .exclude('[data-live-announcer]')
    // Without a page of its own for every look.
    .setLegacyMode()
  if (look === 'colours') axe.withRules(OF_COLOURS)
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => ({ id, html: nodes.map((one) => one.html) }))
}
