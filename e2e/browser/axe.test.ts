import { expect, test } from 'vitest'
import { axeFindings } from './axe.fixture.ts'
import { hasBrowser, openBrowser } from './browser.fixture.ts'

const FAINT = '<p style="color: #ccc; background: #fff">Faint</p>'
const PAGE = `<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>
  <img src="data:,">${FAINT}<div data-live-announcer>${FAINT}</div></main></html>`

test.skipIf(!hasBrowser)(
  'what is wrong with a page is found, in another look what is wrong with its colours',
  async () => {
    await using browser = await openBrowser()
    const page = await browser.newPage()
    await page.setContent(PAGE)

    const image = { id: 'image-alt', html: ['<img src="data:,">'] }
    const faint = { id: 'color-contrast', html: [FAINT] }
    expect(await axeFindings(page)).toEqual([faint, image])
    expect(await axeFindings(page, 'colours')).toEqual([faint])
  },
)
