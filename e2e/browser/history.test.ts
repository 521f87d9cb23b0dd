import { readFile } from 'node:fs/promises'
import {
  multiplyMessages,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { openStage } from './stage.fixture.ts'

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer()
  if (hasBrowser) browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function endConversation(page: Page): Promise<void> {
  await button(page, 'More').click()
  await button(page, 'End conversation').click()
  await button(page, 'Yes, end it').click()
  await page.getByText('This conversation has ended.').waitFor()
}

test.skipIf(!hasBrowser)('what was said before is shown again, and can be saved', async () => {
  await using stage = await openStage(server, browser)
  const { page, agent, write, accept } = stage
  await write('My first question')
  const first = await accept()
  await agent.say(first, 'My first answer')
  await page.getByText('My first answer').waitFor()
  await endConversation(page)
  await button(page, 'Start a new conversation').click()
  await page.getByText('My first answer').waitFor({ state: 'detached' })
  await write('My second question')
  await page.reload()
  await page.getByText('My second question').waitFor()
  await page.getByRole('button', { name: /^Show the conversation of/ }).click()
  await page.getByText('My first answer').waitFor()
  await page.getByText(/^Conversation ended/).waitFor()
  const spoken = await page.locator('li.own .bubble').allTextContents()
  expect(spoken).toEqual(['My first question', 'My second question'])

  await button(page, 'More').click()
  const saved = page.waitForEvent('download')
  await button(page, 'Download transcript').click()
  const text = await readFile(await (await saved).path(), 'utf8')
  expect(text).toMatch(/Nora Lindqvist: My first answer\n/)
  expect(text).toMatch(/You: My second question\n/)

  // Only its own: another consumer is told that there is no such conversation.
  const stranger = await openConsumerSocket({ url: server.url, accountId: stage.scene.accountId })
  const asked = await stranger.request('ms.QueryMessages', {
    conversationId: first,
    dialogId: first,
    fromSeq: 0,
  })
  expect(asked).toMatchObject({ code: 404 })
})

test.skipIf(!hasBrowser)(
  'of 5,000 messages the newest are read first, and the reader stays where it is',
  async () => {
    await using stage = await openStage(server, browser)
    const { page, agent, write, accept } = stage
    await write('Tell me everything')
    const conversationId = await accept()
    const sequence = await agent.say(conversationId, 'Everything:')
    // What the page reports of it comes before the copies.
    await agent.message(
      conversationId,
      ({ event }) => event.status === 'READ' && event.sequenceList.includes(sequence),
    )
    await multiplyMessages(server, conversationId, 5_000)
    await page.reload()
    await page.getByText('Line 5000 of many').waitFor()
    const shown = () => page.locator('li.other').count()
    expect(await shown()).toBeLessThanOrEqual(100)

    const log = page.getByRole('log')
    const top = () => page.getByText('Line 4950 of many').boundingBox()
    await page.getByText('Line 4950 of many').scrollIntoViewIfNeeded()
    await button(page, 'Go to the newest message').waitFor()
    const before = await top()
    await agent.say(conversationId, 'One more')
    await button(page, '1 new message').waitFor()
    expect(await top()).toEqual(before)

    const few = await shown()
    await log.evaluate((box) => (box.scrollTop = 0))
    await expect.poll(shown).toBeGreaterThan(few)
    expect(await log.evaluate((box) => box.scrollTop)).toBeGreaterThan(200)

    await button(page, '1 new message').click()
    await expect.poll(() => page.getByText('One more').isVisible()).toBe(true)
    await button(page, 'More').click()
    const saved = page.waitForEvent('download')
    await button(page, 'Download transcript').click()
    const text = await readFile(await (await saved).path(), 'utf8')
    expect(text.match(/of many/g)).toHaveLength(5_000)
  },
)

test.skipIf(!hasBrowser)(
  'scripts hear of new messages, not of old ones that are read',
  async () => {
    await using stage = await openStage(server, browser, {
      embedded: true,
      script: `
      window.heard = []
      parley.on('message', ({ text }) => heard.push(text))
      parley.open()`,
    })
    const { page, agent, write, accept } = stage
    await write('Tell me everything')
    const conversationId = await accept()
    const sequence = await agent.say(conversationId, 'Everything:')
    await agent.message(
      conversationId,
      ({ event }) => event.status === 'READ' && event.sequenceList.includes(sequence),
    )
    await multiplyMessages(server, conversationId, 300)
    await page.reload()
    await page.getByText('Line 300 of many').waitFor()
    await page.getByText('Line 250 of many').scrollIntoViewIfNeeded()
    await button(page, 'Go to the newest message').waitFor()
    await page.getByRole('log').evaluate((box) => (box.scrollTop = 0))
    await page.getByText('Line 150 of many').waitFor({ state: 'attached' })

    await agent.say(conversationId, 'One more')
    const heard = () => page.evaluate(() => Reflect.get(window, 'heard') as string[])
    await expect.poll(heard).toContain('One more')
    expect(await heard()).toEqual(['One more'])
  },
)
