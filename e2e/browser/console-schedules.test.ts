import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const CODE = `function lambda(input, callback) { callback(null, {}) }`
/** Less than 8,000 characters, more once each value has a line of its own. */
const LONG = Array.from({ length: 1_500 }, () => 1)

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'a schedule that an undeployment has paused is resumed, and a long payload is changed',
  async () => {
    const scene = await anotherScene(served.server)
    const lambdas = lambdasOf(scene)
    const functionId = await lambdas.deployed(CODE, { name: 'greeter' })
    const schedule = { functionId, cronExpression: '0 9 * * *', payload: { list: LONG } }
    await call(scene, 'POST', 'schedules', schedule)
    await call(scene, 'DELETE', `functions/${functionId}/deployment`)
    await call(scene, 'PUT', `functions/${functionId}/deployment`)
    const stored = async () =>
      (await call<{ schedules: object[] }>(scene, 'GET', 'schedules')).schedules
    expect(await stored()).toMatchObject([{ active: true, pausedByUndeploy: true }])

    await using opened = await consoleAt(served.browser, scene, '/schedules')
    const { page } = opened
    await page.getByRole('button', { name: /^Resume: greeter/ }).press('Enter')
    await page.getByText('The schedule is saved.').waitFor()
    expect(await stored()).toMatchObject([{ active: true, pausedByUndeploy: false }])

    await page.getByRole('button', { name: /^Edit: greeter/ }).press('Enter')
    const dialog = page.getByRole('dialog')
    const payload = dialog.getByLabel('Payload')
    await payload.press('ControlOrMeta+Home')
    await payload.press('ArrowRight')
    await page.keyboard.type('"more": true,')
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await stored()).toMatchObject([{ payload: { more: true, list: LONG } }])
  },
)

test.skipIf(!hasBrowser)(
  'when a schedule would run is told by the clocks of its zone, wherever the browser is',
  async () => {
    const scene = await anotherScene(served.server)
    await lambdasOf(scene).deployed(CODE, { name: 'greeter' })
    const options = { timezoneId: 'America/New_York' }
    await using opened = await consoleAt(served.browser, scene, '/schedules', options)
    const { page } = opened
    await page.getByRole('button', { name: 'New schedule' }).first().press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Cron expression').fill('5 9 * * *')
    const times = dialog.getByRole('status').locator('time')
    await expect.poll(() => times.first().textContent()).toMatch(/09:05.* (EST|EDT|GMT-[45])$/)
    await dialog.getByLabel('Time zone').fill('Asia/Tokyo')
    await page.keyboard.press('Tab')
    await expect.poll(() => times.first().textContent()).toMatch(/09:05.* GMT\+9$/)
    expect(await times.count()).toBe(5)
  },
)
