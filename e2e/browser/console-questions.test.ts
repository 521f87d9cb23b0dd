import {
  anotherScene,
  call,
  givenFunction,
  multiplyConversation,
  type Scene,
} from '@parley/server/testing'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { mailedChat } from './console-chats.fixture.ts'
import { greeted } from './console-conversations.fixture.ts'
import { consoleAt, heading } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const CONVERSATIONS = 5_000
const MAX_CLICKS = 4
const END = 'controllerbot_messaging_conversation_end'

const served = servedConsole()
let scene: Scene
let opened: Awaited<ReturnType<typeof consoleAt>>
let page: Page
let clicks = 0

beforeAll(async () => {
  if (!hasBrowser) return
  scene = await anotherScene(served.server)
  await fill(scene)
  opened = await consoleAt(served.browser, scene, '/home')
  page = opened.page
})
afterAll(async () => {
  await opened?.[Symbol.asyncDispose]()
})

/** One conversation that somebody asks about among 5,000, a function that fails, one that is slow, a blocked call, a dead letter. */
async function fill({ accountId }: Scene): Promise<void> {
  const other = await greeted(
    scene,
    `if (input.payload.general.convId === 'never') return
     await new Promise((done) => setTimeout(done, 1_300))
     callback(null, { type: 'systemMessage', text: 'We are glad that you write' })`,
    'nothing special',
  )
  await multiplyConversation(served.server, other, CONVERSATIONS)
  await mailedChat(scene, 'my lamp is broken')
  const functionId = await givenFunction(
    scene,
    END,
    `try { await fetch('https://api.parcels.example/') } catch (error) { console.warn(error.message) }
     callback(new Error('the parcel service is away'))`,
  )
  await call(scene, 'POST', `functions/${functionId}/test`, { payload: {}, keepLogs: true })
  await served.server.context.store.db
    .insertInto('deadLetter')
    .values({
      accountId,
      source: 'outbox',
      name: 'controller-bot',
      lane: other,
      facts: {},
      attempts: 4,
      firstAttemptAt: new Date(),
      deadAt: new Date(),
      cause: 'No instance was free',
    })
    .execute()
}

async function atHome(): Promise<void> {
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await heading(page, 'Home')
  clicks = 0
}

async function click(what: Locator): Promise<void> {
  await what.click()
  clicks++
}

async function typed(label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text)
  await page.keyboard.press('Enter')
  clicks++
}

const rail = (name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true })
const button = (name: RegExp) => page.getByRole('button', { name }).first()
const link = (name: RegExp) => page.getByRole('link', { name }).first()
const said = (text: RegExp | string) => page.getByText(text).first().waitFor()

/** From the list of conversations to the one that somebody asks about. */
async function findConversation(): Promise<void> {
  await click(rail('Conversations'))
  await typed('Words in a message', 'nothing special')
  await click(link(/nothing special/))
  await heading(page, 'Conversation')
}

const QUESTIONS: Record<string, () => Promise<void>> = {
  async 'Why did this consumer get this text?'() {
    await findConversation()
    await click(button(/Automatic message We are glad that you write/))
    await said(/A function answered the event controllerbot_messaging_new_conversation/)
  },
  async 'Why did this consumer get this mail?'() {
    await click(rail('Conversations'))
    await typed('Words in a message', 'my lamp')
    await click(link(/my lamp is broken/))
    await heading(page, 'Live chat: Ada Lovelace')
    await click(button(/Mail to ada@example\.com Your chat with us/))
    await said(/submitted the survey after the chat, which raised the event/)
    await said(new RegExp(`The function \\S+ answered it with this mail`))
    await page.getByRole('link', { name: 'Source of version 1' }).waitFor()
  },
  async 'Has the consumer seen it?'() {
    await findConversation()
    await click(button(/Automatic message We are glad that you write/))
    await said(/It has not reached the consumer’s device|The consumer read it at/)
  },
  async 'What will happen next in this conversation?'() {
    await findConversation()
    await said('Nobody has taken it')
  },
  async 'Who changed functions last?'() {
    await click(rail('Activity'))
    await page.getByRole('cell', { name: scene.admin.user }).first().waitFor()
  },
  async 'Which function fails?'() {
    await said(/failed in 1 of 1 run of the last 24 hours/)
  },
  async 'Why does it fail?'() {
    await click(link(/failed in 1 of 1 run/))
    await heading(page, 'Runs')
    await click(page.getByRole('row').nth(1))
    await said('the parcel service is away')
  },
  async 'Which function is slow?'() {
    await said(/is slow: one run of twenty takes \d+(\.\d)? s or more/)
  },
  async 'Which address could not be reached?'() {
    await click(link(/wanted to reach api\.parcels\.example/))
    await page.getByRole('button', { name: 'Allow api.parcels.example' }).waitFor()
  },
  async 'What could not be delivered, and why?'() {
    await click(link(/dead letter/))
    await said('No instance was free')
  },
  async 'What answers when a conversation ends?'() {
    await click(rail('Events'))
    await page
      .getByRole('row', { name: /Messaging Conversation End/ })
      .getByText('live')
      .waitFor()
  },
}

for (const [question, ask] of Object.entries(QUESTIONS)) {
  test.skipIf(!hasBrowser)(
    `${question} Answered from the home page in at most ${MAX_CLICKS} clicks`,
    async () => {
      await atHome()
      await ask()
      expect(clicks).toBeLessThanOrEqual(MAX_CLICKS)
    },
  )
}
