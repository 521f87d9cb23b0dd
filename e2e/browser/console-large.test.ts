import {
  anotherScene,
  call,
  FIRST_SKILL,
  FIRST_USER,
  givenLargeAccount,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { consoleAt, consoleIsBuilt, heading } from './console.fixture.ts'

let server: TestServer
let browser: Browser & AsyncDisposable
beforeAll(async () => {
  if (!hasBrowser) return
  server = await startTestServer()
  await consoleIsBuilt(server)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** Of a few users; all of them take two million. */
const MAX_BYTES = 5_000

/** Counts what waits for the minute after which a page says that it has had no answer. */
const COUNTS_WAITING = `{
  const [set, clear] = [window.setTimeout, window.clearTimeout]
  const waiting = window.waitingForAMinute = new Set()
  window.setTimeout = (call, ms, ...given) => {
    const id = set(() => { waiting.delete(id); call(...given) }, ms)
    if (ms === 60_000) waiting.add(id)
    return id
  }
  window.clearTimeout = (id) => { waiting.delete(id); clear(id) }
}`

/** How often the page has asked the API for a list. */
function readsOf(page: Page) {
  const reads: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'GET') reads.push(new URL(request.url()).pathname)
  })
  return (list: string) =>
    reads.filter((path) => path.startsWith('/api/') && path.endsWith(`/${list}`)).length
}

test.skipIf(!hasBrowser)(
  'a page reads its lists once, and once more what has changed before it follows changes',
  async () => {
    const scene = await anotherScene(server)
    await server.clock.advance(60_000)
    await using opened = await consoleAt(browser, scene, '/audit', { initScript: COUNTS_WAITING })
    const { page } = opened
    await heading(page, 'Audit')
    const asked = readsOf(page)
    const following = Promise.withResolvers<void>()
    const isHeld = Promise.withResolvers<void>()
    await page.route(/\/updates\?/, async (route) => {
      isHeld.resolve()
      await following.promise
      await route.continue()
    })
    await page.goto(`${server.url}/console/${scene.accountId}/skills`)
    await page.getByRole('table', { name: 'Skills' }).waitFor()
    await page.getByRole('cell', { name: '1001' }).waitFor()
    await isHeld.promise
    await call(scene, 'POST', 'skills', { name: 'Between the two' })
    following.resolve()
    await page.getByRole('button', { name: 'Edit skill Between the two' }).waitFor()
    await call(scene, 'POST', 'skills', { name: 'Afterwards' })
    await page.getByRole('button', { name: 'Edit skill Afterwards' }).waitFor()

    expect([asked('skills'), asked('users'), asked('calendars')]).toEqual([3, 1, 1])
    await expect.poll(() => page.evaluate('window.waitingForAMinute.size')).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'of 5,000 users a page reads those whom it names, and no functions that it does not',
  async () => {
    const scene = await anotherScene(server)
    await givenLargeAccount(scene, { users: 5_000, skills: 500, functions: 2_000 })
    await using agent = await openAgentSocket(scene, scene.agents[0]!)
    await using consumer = await openConsumerSocket(scene)
    await agent.goOnline()
    await agent.accept(await consumer.openConversation({ skillId: '1001' }))
    await using opened = await consoleAt(browser, scene, '/audit')
    const { page } = opened
    await heading(page, 'Audit')
    const asked = readsOf(page)
    const sizes: Promise<number>[] = []
    page.on('response', (response) => {
      if (response.url().includes('/users')) {
        sizes.push(response.body().then(({ length }) => length))
      }
    })
    await page.getByRole('link', { name: 'Conversations' }).press('Enter')
    await page.getByRole('row').getByText('Agent 1').waitFor()

    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    console.info(`To name who serves, ${bytes} bytes of users were read`)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(MAX_BYTES)
    expect(asked('functions')).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'of 500 skills some are drawn to choose from, the chosen ones first, and each is found by its name and by keys alone',
  async () => {
    const scene = await anotherScene(server)
    await givenLargeAccount(scene, { users: 1, skills: 500, functions: 0 })
    await using opened = await consoleAt(browser, scene, '/users?name=user-1')
    const { page } = opened
    await page
      .getByRole('button', { name: /User 0001/ })
      .first()
      .press('Enter')
    const skills = page.getByRole('group', { name: /^Skills/ })
    await skills.getByRole('checkbox').first().waitFor()
    expect(await skills.getByRole('checkbox').count()).toBeLessThanOrEqual(50)
    await expect.poll(() => skills.getByRole('checkbox', { checked: true }).count()).toBe(3)
    await expect.poll(() => skills.getByRole('checkbox').first().isChecked()).toBe(true)
    await skills.getByText(/\d+ more are found/).waitFor()

    await skills.getByRole('searchbox').fill('0477')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await skills.getByText('Skills (4)').waitFor()
    await skills.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const user = await call<{ skillIds: string[] }>(scene, 'GET', `users/${FIRST_USER + 1}`)
    expect(user.skillIds).toContain(String(FIRST_SKILL + 477))
    expect(user.skillIds).toHaveLength(4)
  },
)

test.skipIf(!hasBrowser)(
  'of 500 functions the metrics show the first hundred, and more when it is asked for',
  async () => {
    const scene = await anotherScene(server)
    await givenLargeAccount(scene, { users: 1, skills: 3, functions: 500 })
    await using opened = await consoleAt(browser, scene, '/metrics')
    const rows = opened.page.getByRole('table', { name: 'Metrics' }).getByRole('rowheader')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(100)
    await opened.page.getByRole('button', { name: 'Show more' }).press('Enter')
    await expect.poll(() => rows.count()).toBe(200)
  },
)

test.skipIf(!hasBrowser)(
  'of 300 schedules that failed the home page lists the first hundred, and more when it is asked for',
  async () => {
    const scene = await anotherScene(server)
    const functionId = await lambdasOf(scene).deployed(
      `function lambda(a, callback) { callback() }`,
    )
    const schedule = { functionId, cronExpression: '0 3 * * *', payload: {} }
    const one = await call<object>(scene, 'POST', 'schedules', schedule)
    await using opened = await consoleAt(browser, scene, '/home')
    const { page } = opened
    const schedules = Array.from({ length: 300 }, () => {
      return { ...one, scheduleId: crypto.randomUUID(), lastExecutionFailed: true }
    })
    await page.route(/\/accounts\/\w+\/schedules$/, (route) =>
      route.fulfill({ json: { schedules } }),
    )
    await page.reload()
    const attention = page.getByRole('region', { name: 'Needs attention' })
    const lines = attention.getByRole('listitem').filter({ hasText: 'The schedule of' })
    await lines.first().waitFor()
    expect(await lines.count()).toBe(100)
    await attention.getByRole('button', { name: 'Show more' }).press('Enter')
    await expect.poll(() => lines.count()).toBe(200)
  },
)

test.skipIf(!hasBrowser)(
  'one of many applications, or keys, is found by a part of its name or its id, which stands in the address',
  async () => {
    const scene = await anotherScene(server)
    for (const name of ['shop', 'ware house', 'House of cards']) {
      const draft = { name, scopes: ['faas.lambda.invoke'], grantTypes: ['client_credentials'] }
      await call(scene, 'POST', 'clients', draft)
      await call(scene, 'POST', 'api-keys', { name, permissions: ['function:read'] })
    }
    const { apiKeys } = await call<{ apiKeys: { name: string; appKey: string }[] }>(
      scene,
      'GET',
      'api-keys',
    )
    await using opened = await consoleAt(browser, scene, '/access')
    const { page } = opened
    const found = page.getByRole('main').getByRole('rowheader')
    const field = page.getByRole('searchbox', { name: 'Filter by name' })
    await found.filter({ hasText: 'shop' }).waitFor()
    await field.fill('house')
    await expect.poll(() => found.count()).toBe(2)
    await page.waitForURL(/name=house/)
    await page.getByRole('button', { name: 'API keys' }).press('Enter')
    await found.filter({ hasText: 'shop' }).waitFor()
    await field.fill(apiKeys.find(({ name }) => name === 'ware house')?.appKey ?? '')
    await expect.poll(() => found.count()).toBe(1)
    await field.fill('nobody')
    await page.getByRole('main').getByText('Nothing has that name.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'one of many secrets, or allowed domains, is found by a part of its name, beside what else the address says',
  async () => {
    const scene = await anotherScene(server)
    for (const name of ['shop', 'ware-house', 'houses']) {
      await call(scene, 'POST', 'secrets', { name, type: 'text', value: 'x' })
      await call(scene, 'POST', 'allowed-domains', { domain: `${name}.example.com`, name })
    }
    await using opened = await consoleAt(browser, scene, '/secrets?functionId=of-nobody')
    const { page } = opened
    const found = page.getByRole('main').getByRole('rowheader')
    const field = page.getByRole('searchbox', { name: 'Filter by name' })
    await found.filter({ hasText: 'shop' }).waitFor()
    await page.getByRole('heading', { level: 1 }).press('/')
    await page.keyboard.type('house')
    await expect.poll(() => found.count()).toBe(2)
    await page.waitForURL(/functionId=of-nobody.*name=house/)
    await field.fill('nobody')
    await page.getByRole('main').getByText('Nothing has that name.').waitFor()

    await page.goto(`${server.url}/console/${scene.accountId}/domains?name=House`)
    await expect.poll(() => found.count()).toBe(2)
    await field.fill('')
    await found.filter({ hasText: 'shop' }).waitFor()
  },
)
