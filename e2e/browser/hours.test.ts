import { call, startTestServer } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { openStage } from './stage.fixture.ts'

const DAY_MS = 86_400_000

test.skipIf(!hasBrowser)(
  'the page follows the opening hours: when they change, and when a lost connection is back',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const midnight = Math.ceil(server.clock.now() / DAY_MS) * DAY_MS
    const date = (at: number) => new Date(at).toISOString().slice(0, 10)
    const allDay = [{ from: '00:00', to: '24:00' }]
    const week = Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
        day,
        allDay,
      ]),
    )
    const closedFrom = (at: number) => ({
      timeZone: 'UTC',
      week,
      specialDays: [{ date: date(at), shifts: [] }],
    })
    await server.clock.advance(midnight - 1_000 - server.clock.now())
    await using stage = await openStage(server, browser, {
      before: (scene) => call(scene, 'PUT', 'calendars/account', closedFrom(midnight)),
    })
    const { page, scene, cut, restore, write } = stage
    const closed = page.getByText('We are closed now')
    await write('Hello')
    expect(await closed.count()).toBe(0)

    await server.clock.advance(1_000)
    await closed.waitFor()

    await call(scene, 'PUT', 'calendars/account', { timeZone: 'UTC', week })
    await cut()
    await page.getByText('The connection was lost').waitFor()
    await restore()
    await closed.waitFor({ state: 'detached' })
  },
)
