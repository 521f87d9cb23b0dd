import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, heading, pressInDialog, quickest, signIn } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// Hands that slip, lists that are long, and addresses that are wrong.

const EMPTY = 'function lambda(input, callback) { callback(null, {}) }'
const MANY = 1_200
const MAX_OPEN_MS = 1_000

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'a function that is live stops, and one that is not is deleted, only after a question',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(EMPTY, { name: 'greeter' })
    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const { page } = opened
    const undeploy = page.getByRole('button', { name: 'Undeploy' })
    await undeploy.press('Enter')
    const question = page.getByRole('dialog', { name: 'Undeploy greeter?' })
    await question.getByText('The next deployment takes the newest version, 1.').waitFor()
    await check(page, 'console-undeploy')
    await pressInDialog(page, 'Escape')
    await question.waitFor({ state: 'detached' })
    const path = `/functions/${functionId}`
    expect((await lambdasOf(scene).native('GET', path)).json()).toMatchObject({ liveVersion: 1 })
    await undeploy.press('Enter')
    await question.waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText('The function is not live any more.').waitFor()
    expect((await lambdasOf(scene).native('GET', path)).json()).not.toHaveProperty('liveVersion')

    const leave = page.getByRole('button', { name: 'Delete', exact: true })
    await leave.press('Enter')
    const last = page.getByRole('dialog', { name: 'Delete the function greeter?' })
    await last.getByText('Its versions, schedules and saved inputs go with it').waitFor()
    await pressInDialog(page, 'Escape')
    await last.waitFor({ state: 'detached' })
    expect((await lambdasOf(scene).native('GET', path)).status).toBe(200)
    await leave.press('Enter')
    await last.waitFor()
    await pressInDialog(page, 'Enter')
    await heading(page, 'Functions')
    await page.getByText('There are no functions yet.').waitFor()
    expect((await lambdasOf(scene).native('GET', path)).status).toBe(404)
  },
)

test.skipIf(!hasBrowser)(
  'a saved input is deleted, and kept work discarded, only after a question',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(EMPTY, { name: 'greeter' })
    await call(scene, 'POST', `functions/${functionId}/payloads`, {
      name: 'one order',
      shared: true,
      payload: {},
    })
    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Choose an input' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Delete one order' }).press('Enter')
    const question = page.getByRole('dialog', { name: 'Delete the input one order?' })
    await question.getByText('All who work on this function lose it.').waitFor()
    await question.getByRole('button', { name: 'Cancel' }).press('Enter')
    const { payloads } = await call<{ payloads: unknown[] }>(
      scene,
      'GET',
      `functions/${functionId}/payloads`,
    )
    expect(payloads).toHaveLength(1)

    await page.getByRole('textbox', { name: /Source of greeter/ }).focus()
    await page.keyboard.type('// half a thought')
    await page.getByText('Not saved').waitFor()
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByRole('button', { name: 'Discard it' }).press('Enter')
    const loss = page.getByRole('dialog', { name: 'Discard what was not saved?' })
    await loss.waitFor()
    await pressInDialog(page, 'Escape')
    await loss.waitFor({ state: 'detached' })
    await page.getByText('half a thought').waitFor()
    await page.getByRole('button', { name: 'Discard it' }).press('Enter')
    await pressInDialog(page, 'Enter')
    await page.getByText('half a thought').waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser)(
  'a function is written and saved in a browser whose storage is full, which is said',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(EMPTY, { name: 'greeter' })
    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const { page } = opened
    const source = page.getByRole('textbox', { name: /Source of greeter/ })
    await source.focus()
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    })
    await page.keyboard.type('// a thought\n')
    await page.getByText('save before you leave the page').waitFor()
    await page.keyboard.press('Control+s')
    await page.getByText('save before you leave the page').waitFor({ state: 'detached' })
    const { code } = await call<{ code: string }>(scene, 'GET', `functions/${functionId}`)
    expect(code).toContain('// a thought')
  },
)

test.skipIf(!hasBrowser)(
  'one of many functions is found by a part of its name, by keys alone',
  async () => {
    const scene = await anotherScene(served.server)
    const lambdas = lambdasOf(scene)
    for (let at = 0; at < MANY; at++) await lambdas.create(EMPTY, { name: `worker_${at}` })
    await using opened = await consoleAt(served.browser, scene, '/runs')
    const { page } = opened
    const filter = page.getByRole('button', { name: /Function$/ })
    const options = page.getByRole('option')
    const took = await quickest(
      async () => {
        await filter.press('Enter')
        await options.first().waitFor()
      },
      async () => {
        await page.keyboard.press('Escape')
        await options.first().waitFor({ state: 'detached' })
      },
    )
    expect(took).toBeLessThan(MAX_OPEN_MS)
    expect(await options.count()).toBeLessThan(60)
    expect(await options.first().getAttribute('aria-setsize')).toBe(String(MANY + 1))
    await check(page, 'console-function-filter')
    await page.keyboard.type('r_1177')
    await expect.poll(() => options.allTextContents()).toEqual(['worker_1177'])
    await page.keyboard.press('ArrowDown')
    const found = await options.first().getAttribute('id')
    const search = page.getByRole('combobox', { name: 'Search' })
    await expect.poll(() => search.getAttribute('aria-activedescendant')).toBe(found)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /worker_1177/ }).waitFor()
    await page.waitForURL(/functionId=/)
    await page.getByRole('button', { name: /worker_1177/ }).press('Enter')
    await page.keyboard.type('nobody')
    await page.getByText('Nothing has that name.').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await heading(page, 'Runs')
  },
)

test.skipIf(!hasBrowser)(
  'a schedule whose answer was lost is saved again, and is there once',
  async () => {
    const scene = await anotherScene(served.server)
    await lambdasOf(scene).deployed(EMPTY, { name: 'greeter' })
    await using opened = await consoleAt(served.browser, scene, '/schedules', { isCut: true })
    const { page } = opened
    await page.getByRole('button', { name: 'New schedule' }).first().press('Enter')
    const cron = page.getByLabel('Cron expression')
    await cron.fill('0 7 * * *')
    await page.route(/\/schedules$/, async (route) => {
      if (route.request().method() !== 'POST') return await route.continue()
      await route.fetch()
      await route.abort()
    })
    await cron.press('Enter')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await page.unroute(/\/schedules$/)
    await cron.press('Enter')
    await page.getByText('The schedule is saved.').waitFor()
    const { schedules } = await call<{ schedules: unknown[] }>(scene, 'GET', 'schedules')
    expect(schedules).toEqual([expect.objectContaining({ cronExpression: '0 7 * * *' })])
  },
)

test.skipIf(!hasBrowser)(
  'a survey that cannot be is not there, which is said in the user’s language',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/surveys/none', {
      locale: 'de-DE',
    })
    const alert = opened.page.getByRole('alert')
    await alert.getByText('Das gibt es nicht, oder nicht mehr.').waitFor()
    await alert.getByText('There is no such survey').waitFor()
    await check(opened.page, 'console-no-such-survey')
  },
)

test.skipIf(!hasBrowser)('what the server refuses is told in German by its code', async () => {
  const scene = await anotherScene(served.server)
  await call(scene, 'POST', 'secrets', { name: 'shop-key', value: 'x' })
  await using opened = await consoleAt(served.browser, scene, '/secrets', { locale: 'de-DE' })
  const { page } = opened
  await page.getByRole('button', { name: 'Neues Geheimnis' }).press('Enter')
  await page.getByLabel('Name', { exact: true }).fill('shop-key')
  await page.getByLabel('Wert', { exact: true }).fill('y')
  await page.getByRole('dialog').getByRole('button').last().press('Enter')
  await page.getByRole('alert').getByText('Ein Geheimnis dieses Namens gibt es schon.').waitFor()
})

test.skipIf(!hasBrowser).for([
  ['applications', 'New application', 'clients'],
  ['keys', 'New API key', 'api-keys'],
] as const)(
  'of %s, one whose answer was lost is made once, and its secrets are shown',
  async ([show, add, path]) => {
    const scene = await anotherScene(served.server)
    const access = `/access?show=${show}`
    await using opened = await consoleAt(served.browser, scene, access, { isCut: true })
    const { page } = opened
    await page.getByRole('button', { name: add }).first().press('Enter')
    const name = page.getByRole('dialog').getByLabel('Name', { exact: true })
    await name.fill('Bridge')
    const route = new RegExp(`/${path}$`)
    await page.route(route, async (asked) => {
      if (asked.request().method() !== 'POST') return await asked.continue()
      await asked.fetch()
      await asked.abort()
    })
    await name.press('Enter')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await page.unroute(route)
    await name.press('Enter')
    await page.getByRole('alertdialog', { name: /Bridge/ }).waitFor()
    const listed = await call<Record<string, { name: string }[]>>(scene, 'GET', path)
    const made = Object.values(listed)
      .flat()
      .filter((one) => one.name === 'Bridge')
    expect(made).toHaveLength(1)
  },
)

test.skipIf(!hasBrowser)(
  'what was typed into a long form is there when the session has ended and its user has signed in again over it',
  async () => {
    const scene = await anotherScene(served.server)
    const user = { user: 'ada', password: 'a long enough password' }
    const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', {
      loginName: user.user,
      password: user.password,
      role: 'administrator',
    })
    await using opened = await consoleAt(served.browser, scene, '/home', { user })
    const { page } = opened
    const ended = page.getByText('Your session has ended.')
    await heading(page, 'Home')
    for (const path of ['/bots/connectors/new', '/surveys/new']) {
      await page.goto(`${scene.url}/console/${scene.accountId}${path}`)
      const name = page.getByLabel('Name', { exact: true })
      await name.fill('Half written')
      await call(scene, 'DELETE', `users/${userId}/sessions`)
      await ended.waitFor()
      await signIn(page, user)
      await ended.waitFor({ state: 'detached' })
      expect(await name.inputValue()).toBe('Half written')
    }
  },
)
