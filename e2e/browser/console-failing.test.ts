import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { greeted } from './console-conversations.fixture.ts'
import { consoleAt, go, heading, pressInDialog } from './console.fixture.ts'
import { fails, readsAgain, triesAgain } from './failing.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// What a page says of requests that fail, while others succeed.

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'the home page does not say that all is well where it could not be read',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const attention = page.getByRole('region', { name: 'Needs attention' })
    await attention.getByText('Nothing needs your attention.').waitFor()
    await fails(page, /\/dead-letters/)
    await fails(page, /\/usage/)
    await page.reload()
    await heading(page, 'Home')
    await attention.getByRole('alert').getByText('Something failed').waitFor()
    const counters = page.getByRole('region', { name: 'The account' })
    await counters.getByRole('alert').getByText('Something failed').waitFor()
    expect(await attention.getByText('Nothing needs your attention.').count()).toBe(0)
    await page.unroute(/\/dead-letters/)
    await page.reload()
    await attention.getByText('Nothing needs your attention.').waitFor()

    await fails(page, /\/accounts\/\w+\/functions$/)
    await page.reload()
    await attention.getByRole('alert').getByText('Something failed').waitFor()
    expect(await attention.getByText('Nothing needs your attention.').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'a part of a timeline, or the logs of a run, that cannot be read are told, and not asked for again and again',
  async () => {
    const scene = await anotherScene(served.server)
    const conversationId = await greeted(
      scene,
      `callback(null, [{ type: 'systemMessage', text: 'Hello' }])`,
      'My parcel is late',
    )
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    const asked: string[] = []
    await page.route(/\/timeline/, async (route) => {
      const after = new URL(route.request().url()).searchParams.get('after')
      if (after === null) {
        const response = await route.fetch()
        const json = (await response.json()) as object
        await route.fulfill({ json: { ...json, next: 'the rest' } })
        return
      }
      asked.push(after)
      const json = { error: { code: 'internal', message: 'Something failed' } }
      await route.fulfill({ status: 500, json })
    })
    await fails(page, /\/logs\?/)
    await page.goto(`${scene.url}/console/${scene.accountId}/conversations/${conversationId}`)
    const timeline = page.getByRole('region', { name: 'Timeline' })
    await timeline.getByRole('alert').getByText('Something failed').waitFor()
    await timeline
      .getByRole('button', { name: /Function/ })
      .first()
      .press('Enter')
    await expect
      .poll(() => timeline.getByRole('alert').getByText('Something failed').count())
      .toBe(2)
    expect(await timeline.getByText('It logged nothing').count()).toBe(0)
    // Once more with each reading of what has changed meanwhile, as of the run that has ended.
    expect(asked.length).toBeLessThan(10)
    const before = asked.length
    await timeline.getByRole('button', { name: 'Show more' }).press('Enter')
    await expect.poll(() => asked.length).toBeGreaterThan(before)
  },
)

test.skipIf(!hasBrowser)(
  'what is chosen from a list that could not be read says so, not that there is nothing, and asks again',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'PUT', 'calendars/account', { timeZone: 'UTC', week: {}, specialDays: [] })
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const main = page.getByRole('main')
    await heading(page, 'Home')
    const lists = /\/accounts\/\w+\/(functions|skills|calendars|function-events)$/
    await fails(page, lists)

    await page.goto(`${scene.url}/console/${scene.accountId}/secrets`)
    const environment = page.getByRole('region', { name: 'Environment variables' })
    await environment.getByRole('alert').getByText('Something failed').waitFor()
    expect(await environment.getByText('There are no functions yet.').count()).toBe(0)

    // The hours that nobody could read are not replaced by proposed ones.
    await page.goto(`${scene.url}/console/${scene.accountId}/skills`)
    const hours = page.getByRole('region', { name: 'Hours' })
    await hours.getByRole('alert').waitFor()
    expect(await hours.getByRole('button', { name: 'Set hours' }).count()).toBe(0)

    await page.goto(`${scene.url}/console/${scene.accountId}/functions/new`)
    await main.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor()

    await page.goto(`${scene.url}/console/${scene.accountId}/bots/connectors/new`)
    const who = page.getByRole('group', { name: 'Who answers' })
    const where = page.getByRole('group', { name: 'Where it serves' })
    await who.getByRole('alert').getByText('Something failed').waitFor()
    expect(await who.getByText('There is no function yet.').count()).toBe(0)
    await page.getByLabel('Name', { exact: true }).fill('Order bot')
    const again = [where, who].map((one) => one.getByRole('button', { name: 'Try again' }))
    await triesAgain(page, lists, ...again)
    await where.getByRole('checkbox').first().waitFor()
    await who.getByRole('alert').waitFor({ state: 'detached' })
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Order bot')
  },
)

test.skipIf(!hasBrowser)(
  'a page and a dialog that are first needed while the server is away come when it is back, and nothing that is typed is lost',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home', { isCut: true })
    const { page } = opened
    await heading(page, 'Home')
    const away = () => page.route(/.*/, (route) => route.abort('connectionrefused'))
    const lost = page.getByRole('main').getByText('The server cannot be reached')

    await away()
    await go(page, 'Account')
    await lost.waitFor()
    await page.unroute(/.*/)
    await heading(page, 'Account')
    await lost.waitFor({ state: 'detached' })

    const name = page.getByLabel('Name of the company')
    await name.fill('Typed')
    await away()
    await page.keyboard.press('ControlOrMeta+k')
    await lost.waitFor()
    await page.unroute(/.*/)
    const palette = page.getByRole('dialog', { name: 'Go to' })
    await palette.waitFor()
    await pressInDialog(page, 'Escape')
    await palette.waitFor({ state: 'detached' })
    expect(await name.inputValue()).toBe('Typed')
  },
)

test.skipIf(!hasBrowser)(
  'a page whose code is not there any more is loaded anew, and says so in the user’s language where that does not help',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home', {
      locale: 'de-DE',
      isCut: true,
    })
    const { page } = opened
    await heading(page, 'Start')
    const codes = /\/delivery-page-\w+\.js/
    await page.route(codes, (route) => route.fulfill({ status: 404 }))
    await go(page, 'Zustellung')
    await heading(page, 'Diese Seite konnte nicht gezeigt werden')
    await page.unroute(codes)
    await page.getByRole('main').getByRole('button', { name: 'Noch einmal' }).press('Enter')
    await heading(page, 'Zustellung')
  },
)

test.skipIf(!hasBrowser)(
  'figures stay where they cannot be read again, and the button that reads anew keeps the focus meanwhile',
  async () => {
    const scene = await anotherScene(served.server)
    const lambdas = lambdasOf(scene)
    const functionId = await lambdas.deployed(`function lambda(input, callback) { callback() }`)
    await lambdas.invoke(functionId, {})
    await using opened = await consoleAt(served.browser, scene, '/metrics')
    const { page } = opened
    const main = page.getByRole('main')
    const row = main.getByRole('table').first().getByRole('row').nth(1)
    const charts = main.getByRole('figure').first()
    await row.waitFor()
    await charts.waitFor()
    const answers = Promise.withResolvers<void>()
    let isHeld = false
    await page.route(/\/(functions-health|metrics)\?/, async (route) => {
      const json = { error: { code: 'internal', message: 'Something failed' } }
      if (!isHeld) return await route.fulfill({ status: 500, json })
      await answers.promise
      await route.continue()
    })
    await lambdas.invoke(functionId, {})
    const failed = main.getByRole('alert').filter({ hasText: 'Something failed' })
    await expect.poll(() => failed.count()).toBe(2)
    expect(await row.isVisible()).toBe(true)
    expect(await charts.isVisible()).toBe(true)

    await page.reload()
    await expect.poll(() => failed.count()).toBe(2)
    isHeld = true
    // It may be read again by itself as well.
    const again = failed.first().getByRole('button', { name: 'Try again' })
    await again.press('Enter')
    await expect.poll(() => again.getAttribute('aria-disabled')).toBe('true')
    expect(await again.evaluate('document.activeElement.textContent')).toContain('Try again')
    answers.resolve()
    await row.waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'the button that reads again keeps the focus while it does, on every page that could not be read',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(
      `function lambda(a, callback) { callback() }`,
    )
    const file = join(import.meta.dirname, '../builder-bots/help-desk.json')
    const exported = JSON.parse(readFileSync(file, 'utf8')) as object
    const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', exported)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const main = page.getByRole('main')
    await heading(page, 'Home')
    const again = main.getByRole('alert').getByRole('button', { name: 'Try again' })

    const ofHome = [
      ['Needs attention', /\/dead-letters(\?|$)/],
      ['The account', /\/usage$/],
    ] as const
    for (const [, asked] of ofHome) await fails(page, asked)
    await page.reload()
    for (const [name, asked] of ofHome) {
      const part = page.getByRole('region', { name })
      await readsAgain(page, asked, part.getByRole('button', { name: 'Try again' }))
    }
    for (const [path, asked] of [
      ['/functions/new', /\/function-events$/],
      [`/functions/${functionId}`, /\/accounts\/\w+\/functions\/[^/]+$/],
      [`/functions/${functionId}/versions`, /\/deployments$/],
      ['/runs', /\/invocations\?/],
      ['/logs', /\/logs\?/],
    ] as const) {
      await fails(page, asked)
      await page.goto(`${scene.url}/console/${scene.accountId}${path}`)
      await readsAgain(page, asked, again)
    }

    await page.goto(`${scene.url}/console/${scene.accountId}/bots/${botId}`)
    const talk = /\/talk$/
    await fails(page, talk, () => true)
    await main.getByPlaceholder('Say something').fill('Hello')
    await page.keyboard.press('Enter')
    await readsAgain(page, talk, again)

    for (const [path, asked] of [
      [`console/set-password/${scene.accountId}#token`, /\/invitation$/],
      [`workspace/${scene.accountId}`, /\/caller$/],
    ] as const) {
      await fails(page, asked, () => true)
      await page.goto(`${scene.url}/${path}`)
      await readsAgain(page, asked, page.getByRole('button', { name: 'Try again' }))
    }
  },
)
