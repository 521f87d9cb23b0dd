import { anotherScene, call, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { consoleAt, consoleIsBuilt, heading } from './console.fixture.ts'

let server: TestServer
let browser: Browser
beforeAll(async () => {
  if (!hasBrowser) return
  server = await startTestServer({ clock: 'system' })
  await consoleIsBuilt(server)
  browser = await openBrowser()
})
afterAll(async () => {
  if (!hasBrowser) return
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test.skipIf(!hasBrowser)(
  'what somebody else changes stands on an open page by itself',
  async () => {
    const scene = await anotherScene(server)
    await using opened = await consoleAt(browser, scene, '/secrets')
    const { page } = opened
    await heading(page, 'Secrets and environment')
    // The page reads secrets once, and again only when it is told of a change.
    await call(scene, 'POST', 'secrets', { name: 'of-a-colleague', value: 'x' })
    await page.getByText('of-a-colleague').waitFor()
  },
)
