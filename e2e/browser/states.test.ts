import { call, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFindings } from './axe.fixture.ts'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { takePicture } from './pictures.fixture.ts'
import { openStage, type Stage } from './stage.fixture.ts'

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

/** No finding of axe, no error in the console, no request to another host. A state with a name is a picture of the documents. */
async function check(stage: Stage, picture?: string): Promise<void> {
  const { page, problems, origins, hosts } = stage
  if (picture !== undefined) await takePicture(page, picture)
  expect(await axeFindings(page)).toEqual([])
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
  await agent.message(conversationId, ({ text }) => text?.startsWith('Order 1002') === true)
  const own = agent.messages(conversationId).filter(({ role }) => role === 'CONSUMER')
  const sequenceList = own.map(({ sequence }) => sequence)
  const event = { type: 'AcceptStatusEvent', status: 'READ', sequenceList }
  await agent.request('.ams.ms.PublishEvent', { dialogId: conversationId, event })
  await expect.poll(() => page.getByText('Read', { exact: true }).count()).toBe(2)
  return conversationId
}

test.skipIf(!hasBrowser)('a conversation on a desk', async () => {
  await using stage = await openStage(server, browser, { browser: DESK })
  await converse(stage)

  await check(stage, 'consumer-desk')
})

test.skipIf(!hasBrowser)('the embedded window on a phone fills the screen', async () => {
  await using stage = await openStage(server, browser, { embedded: true, browser: PHONE })
  await stage.page.getByRole('button', { name: 'Open messages' }).click()
  await converse(stage)

  const box = await stage.page.getByRole('region', { name: 'Messages' }).boundingBox()
  expect(box).toEqual({ x: 0, y: 0, ...PHONE.viewport })
  await check(stage, 'consumer-phone')
})

test.skipIf(!hasBrowser)(
  'a dark system gets a dark page, in the colours of the account',
  async () => {
    await using stage = await openStage(server, browser, {
      browser: { ...DESK, colorScheme: 'dark' },
      look: { accentDark: '#7fd1ae', texts: { en: { title: 'Garden help' } } },
    })
    await converse(stage)

    await check(stage, 'consumer-dark')
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

  await check(stage, 'consumer-german')
})

/** Closed now and for the rest of the day, open on every other day. */
function neverOpenToday() {
  const shifts = [{ from: '08:00', to: '18:00' }]
  const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
  const week = Object.fromEntries(days.map((day) => [day, shifts]))
  const date = new Date().toISOString().slice(0, 10)
  return { timeZone: 'UTC', week, specialDays: [{ date, shifts: [] }] }
}

test.skipIf(!hasBrowser)('unread messages are counted on the button and in the title', async () => {
  await using stage = await openStage(server, browser, { embedded: true, browser: DESK })
  const { page, agent } = stage
  await page.getByRole('button', { name: 'Open messages' }).click()
  const conversationId = await converse(stage)
  await page.keyboard.press('Escape')
  await agent.say(conversationId, 'I have asked the depot.')
  await agent.say(conversationId, 'It will be with you at ten.')
  await page.getByRole('button', { name: 'Open messages 2 new messages' }).waitFor()

  await check(stage, 'consumer-unread')
})

test.skipIf(!hasBrowser)('a survey after the conversation', async () => {
  await using stage = await openStage(server, browser, {
    browser: DESK,
    before: async (scene) => {
      const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
        name: 'After service',
        greeting: 'Thank you for writing to us. One question, please.',
        thankYou: 'Thank you, that helps us.',
        fallback: 'Please choose one of the answers',
        questions: [{ id: 'csat', kind: 'CSAT', text: 'How satisfied are you with our service?' }],
      })
      const [skillId] = scene.skillIds
      await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: [skillId] })
    },
  })
  const { page } = stage
  await converse(stage)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('button', { name: 'End conversation' }).click()
  await check(stage)
  await page.getByRole('button', { name: 'Yes, end it' }).click()
  await page.getByText('How satisfied are you').waitFor()

  await check(stage, 'consumer-survey')
  await page.getByRole('button', { name: 'Skip survey' }).click()
  await page.getByText('This conversation has ended.').waitFor()
  expect(await page.getByRole('group', { name: 'Quick replies' }).count()).toBe(0)
  await check(stage)
})

test.skipIf(!hasBrowser)('pictures and other files', async () => {
  await using stage = await openStage(server, browser, { browser: DESK })
  const { page, write, accept, agent } = stage
  await write('The watering can is broken')
  const conversationId = await accept()
  await page.getByText('Nora Lindqvist').first().waitFor()
  const send = (name: string, mimeType: string, buffer: Buffer) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })
  await send('watering-can.png', 'image/png', await drawing(page))
  await page.getByRole('img', { name: 'Picture: watering-can.png' }).waitFor()
  await send('invoice 1002.pdf', 'application/pdf', Buffer.from('%PDF-1.7'))
  await expect.poll(() => page.getByRole('progressbar').count()).toBe(0)
  await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
  await agent.say(conversationId, 'I see it. We send you a new one.')
  await page.getByText('I see it.').waitFor()

  await check(stage, 'consumer-file')
})

/** A watering can. */
async function drawing(page: Page): Promise<Buffer> {
  const paper = await page.context().newPage()
  await paper.setViewportSize({ width: 320, height: 220 })
  await paper.setContent(`<style>
    body { margin: 0; height: 220px; background: linear-gradient(#cfe8f3 60%, #8fbf7f 60%) }
    .can { position: absolute; left: 110px; top: 80px; width: 110px; height: 95px; background: #3f7d58; border-radius: 8px 8px 14px 14px }
    .spout { position: absolute; left: 30px; top: 72px; width: 100px; height: 16px; background: #3f7d58; transform: rotate(32deg) }
    .grip { position: absolute; left: 205px; top: 88px; width: 40px; height: 60px; border: 12px solid #3f7d58; border-radius: 30px }
  </style><div class="grip"></div><div class="can"></div><div class="spout"></div>`)
  const picture = await paper.screenshot()
  await paper.close()
  return picture
}

test.skipIf(!hasBrowser)('the menu, the sign-in field and a lost connection', async () => {
  await using stage = await openStage(server, browser, { query: { signIn: 'true' } })
  const { page, write } = stage
  await write('Hello')
  await page.getByRole('button', { name: 'More' }).click()
  await check(stage)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('Token of your sign-in').waitFor()
  await check(stage)
  await page.keyboard.press('Escape')
  await stage.cut()
  await page.getByText('The connection was lost').waitFor()
  await page.getByRole('textbox', { name: 'Write a message' }).fill('Still there?')
  await page.keyboard.press('Enter')
  await page.getByText('Not sent yet').waitFor()
  stage.problems.length = 0
  await check(stage)
  await stage.restore()
})

test.skipIf(!hasBrowser)('a live chat begins with a form', async () => {
  await using stage = await openStage(server, browser, {
    embedded: true,
    browser: DESK,
    query: { channel: 'chat' },
  })
  const { page } = stage
  await page.getByRole('button', { name: 'Open messages' }).click()
  await page.getByLabel('How can we help?').waitFor()
  await check(stage)
})

test.skipIf(!hasBrowser)('a wrong account in the tag of a shop', async () => {
  await using stage = await openStage(server, browser, {
    embedded: true,
    browser: DESK,
    query: { account: 'nobody' },
  })
  const { page, problems } = stage
  await page.getByRole('button', { name: 'Open messages' }).click()
  await page.getByText('There is no account "nobody" on this server.').waitFor()
  // The browser itself notes that the answer was 404.
  problems.splice(0, problems.length, ...problems.filter((one) => !one.includes('404')))
  await check(stage)
})
