import { startTestServer } from '@parley/server/testing'
import type { Page, Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser, openContext } from './browser.fixture.ts'
import { consoleIsBuilt, signIn } from './console.fixture.ts'
import { takePicture } from './pictures.fixture.ts'

const AUDIT = /\/api\/v1\/accounts\/\d+\/audit/
const FUNCTIONS = /\/api\/v1\/accounts\/\d+\/functions$/
const CONNECTORS = /\/api\/v1\/accounts\/\d+\/connectors$/
/** After it the page of bots reads its lists again. */
const REFRESH_MS = 15_000
/** Longer than the pauses after which a page asks again who was silent, all together. */
const PAUSES_MS = 10_000
/** How long a page waits for what it reads. */
const MAX_READ_MS = 60_000

/** After it nothing counts as changed while the page was opened: its stream of updates tells of nothing that is to be read again. */
const QUIET_MS = 60_000

const isHere = (page: Page, heading: string) =>
  page.getByRole('heading', { name: heading }).waitFor()

test.skipIf(!hasBrowser)(
  'an answer that a page does not understand, as that of a newer server, is named at once and not asked for again',
  async () => {
    await using server = await startTestServer()
    await server.clock.advance(QUIET_MS)
    await consoleIsBuilt(server)
    await using browser = await openBrowser()
    const page = await (await openContext(browser, { locale: 'en-GB' })).newPage()
    await page.clock.install()
    let asked = 0
    const body = JSON.stringify({ functions: [{ functionId: 5 }] })
    await page.route(FUNCTIONS, async (route) => {
      asked += 1
      await route.fulfill({ contentType: 'application/json', body })
    })
    const following = page.waitForResponse(/\/updates/)
    await page.goto(`${server.url}/console/${server.accountId}/functions`)
    await signIn(page, server.admin)
    await isHere(page, 'Functions')
    await following
    await page.getByText('one of the two is older').waitFor()
    await page.getByText('functions.0.functionId').waitFor()

    await page.clock.fastForward(PAUSES_MS)
    expect(asked).toBe(1)
  },
)

test.skipIf(!hasBrowser)('a page that gets no answer says so after a minute', async () => {
  await using server = await startTestServer()
  await consoleIsBuilt(server)
  await using browser = await openBrowser()
  const page = await (await openContext(browser, { locale: 'en-GB' })).newPage()
  await page.clock.install()
  const asked = Promise.withResolvers<Route>()
  await page.route(AUDIT, (route) => asked.resolve(route))
  // What failed is read again when it begins, and when the server answers after a silence: the clock of the page leaps over one.
  await page.route(/\/updates/, (route) => route.fulfill({ status: 503 }))
  await page.goto(`${server.url}/console/${server.accountId}/audit`)
  await signIn(page, server.admin)
  await isHere(page, 'Audit')
  await asked.promise

  await page.clock.fastForward(MAX_READ_MS)
  await page.getByText('has not answered for a minute').waitFor()
  await page.unroute(AUDIT)
  await page.getByRole('button', { name: 'Try again' }).press('Enter')
  await page.getByRole('table').waitFor()
})

test.skipIf(!hasBrowser)(
  'a page that takes long to load shows that it is being loaded',
  async () => {
    await using server = await startTestServer()
    await consoleIsBuilt(server)
    await using browser = await openBrowser()
    for (const address of ['console', 'workspace']) {
      const page = await (await openContext(browser, { locale: 'en-GB' })).newPage()
      const slow = Promise.withResolvers<void>()
      await page.route(/\/assets\//, async (route) => {
        await slow.promise
        await route.continue()
      })
      await page.goto(`${server.url}/${address}/${server.accountId}`, { waitUntil: 'commit' })
      const loading = page.getByRole('progressbar', { name: 'Parley' })
      await loading.waitFor()
      // What is drawn at all is what a reader sees.
      await page.evaluate(
        `new Promise((drawn) => new PerformanceObserver(drawn).observe({ type: 'paint', buffered: true }))`,
      )
      await takePicture(page, `${address}-loading`)
      slow.resolve()
      await page.getByLabel('Login name').waitFor()
      expect(await loading.count()).toBe(0)
    }
  },
)

test.skipIf(!hasBrowser)(
  'a page whose session has ended asks for nothing until somebody signs in over it',
  async () => {
    await using server = await startTestServer()
    await consoleIsBuilt(server)
    await using browser = await openBrowser()
    const page = await (await openContext(browser, { locale: 'en-GB' })).newPage()
    await page.clock.install()
    await page.goto(`${server.url}/console/${server.accountId}/bots`)
    const read = page.waitForResponse(CONNECTORS)
    await signIn(page, server.admin)
    await read
    await page.route(CONNECTORS, (route) =>
      route.fulfill({ status: 401, json: { error: { code: 'token_expired', message: 'Ended' } } }),
    )
    await page.clock.fastForward(REFRESH_MS)
    await page.getByText('Your session has ended.').waitFor()
    await page.unroute(CONNECTORS)
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (pathname.startsWith('/api/')) {
        asked.push(`${request.method()} ${pathname.split('/').at(-1)}`)
      }
    })
    for (let times = 0; times < 3; times++) await page.clock.fastForward(REFRESH_MS)

    const readAgain = page.waitForResponse(CONNECTORS)
    const followed = page.waitForResponse(/\/updates/)
    await signIn(page, server.admin)
    await readAgain
    await followed
    expect(asked[0]).toBe('POST sessions')
  },
)
