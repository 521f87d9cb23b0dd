import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { call, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { openStage, type Stage } from './stage.fixture.ts'

/** `npm run screenshots` has these tests write the pictures of the documents. */
const PICTURES = process.env['PARLEY_SCREENSHOTS']

const DESK = { viewport: { width: 1000, height: 640 } }
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  if (hasBrowser) browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

/** No finding of axe, no error in the console, no request to another host. */
async function check(name: string, stage: Stage): Promise<void> {
  const { page, problems, origins, hosts } = stage
  if (PICTURES) {
    mkdirSync(PICTURES, { recursive: true })
    await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' })
  }
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map(({ id, nodes }) => ({ id, html: nodes.map((one) => one.html) }))
  expect(found).toEqual([])
  expect(problems).toEqual([])
  expect([...origins].filter((host) => !hosts.includes(host))).toEqual([])
}

/** A conversation with an agent, as it is in the pictures. */
async function converse(stage: Stage): Promise<string> {
  const { page, agent, write, accept } = stage
  await write('Hello! My watering can has not arrived yet.')
  const conversationId = await accept()
  await agent.say(conversationId, 'Hello, I am sorry to hear that. Which order is it?')
  await page.getByText('Which order is it?').waitFor()
  await write('Order 1002, it was sent on Monday')
  await agent.say(
    conversationId,
    'It arrives tomorrow: https://parcels.example.com/1002\nOr call us: +44 20 7946 0958',
  )
  await page.getByText('It arrives tomorrow').waitFor()
  return conversationId
}

test.skipIf(!hasBrowser)('a conversation on a desk', async () => {
  await using stage = await openStage(server, browser, { browser: DESK })
  await converse(stage)

  await check('consumer-desk', stage)
})

test.skipIf(!hasBrowser)('the embedded window on a phone fills the screen', async () => {
  await using stage = await openStage(server, browser, { embedded: true, browser: PHONE })
  await stage.page.getByRole('button', { name: 'Open messages' }).click()
  await converse(stage)

  const box = await stage.page.getByRole('region', { name: 'Messages' }).boundingBox()
  expect(box).toEqual({ x: 0, y: 0, ...PHONE.viewport })
  await check('consumer-phone', stage)
})

test.skipIf(!hasBrowser)(
  'a dark system gets a dark page, in the colours of the account',
  async () => {
    await using stage = await openStage(server, browser, {
      browser: { ...DESK, colorScheme: 'dark' },
      look: { accentDark: '#7fd1ae', texts: { en: { title: 'Garden help' } } },
    })
    await converse(stage)

    await check('consumer-dark', stage)
  },
)

test.skipIf(!hasBrowser)('a page in German says when it opens again', async () => {
  await using stage = await openStage(server, browser, {
    browser: DESK,
    query: { language: 'de-DE' },
    look: {
      accent: '#1f6f43',
      texts: { de: { title: 'Gartenhilfe', greeting: 'Guten Tag! Wie können wir helfen?' } },
    },
    before: (scene) => call(scene, 'PUT', 'calendars/account', neverOpenToday()),
  })
  await stage.page.getByText('Wir öffnen wieder').waitFor()
  expect(await stage.page.locator('html').getAttribute('lang')).toBe('de')
  await stage.page.getByText('Guten Tag!').waitFor()

  await check('consumer-german', stage)
})

/** Closed now and for the rest of the day, open on every other day. */
function neverOpenToday() {
  const shifts = [{ from: '08:00', to: '18:00' }]
  const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
  const week = Object.fromEntries(days.map((day) => [day, shifts]))
  const date = new Date().toISOString().slice(0, 10)
  return { timeZone: 'UTC', week, specialDays: [{ date, shifts: [] }] }
}
