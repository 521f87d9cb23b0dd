import { openAgentSocket, startTestServer, type TestServer } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'
import { cuttableSockets } from './cut-sockets.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

const pageOf = (server: TestServer) => `${server.url}/consumer/${server.accountId}?skill=1001`
const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })

async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text)
  await field(page).press('Enter')
}

const nothingWaits = (page: Page) =>
  expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)

test.skipIf(!hasBrowser)(
  'what is typed and what is not sent yet outlive a reload of the page',
  async () => {
    await using server = await startTestServer()
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page, cut } = await openPage(browser, pageOf(server))
    await write(page, 'first')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await nothingWaits(page)

    await cut()
    await write(page, 'second')
    await page.getByText('Not sent yet').waitFor()
    await field(page).fill('and a half')
    await page.reload()

    await agent.message(conversationId, ({ text }) => text === 'second')
    await nothingWaits(page)
    await page.getByText('second', { exact: true }).waitFor()
    expect(await page.getByText('second', { exact: true }).count()).toBe(1)
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await field(page).inputValue()).toBe('and a half')

    await field(page).press('Enter')
    await agent.message(conversationId, ({ text }) => text === 'and a half')
    await nothingWaits(page)
    await page.reload()
    await page.getByText('and a half', { exact: true }).waitFor()
    expect(await field(page).inputValue()).toBe('')
    const texts = agent.messages(conversationId).map(({ text }) => text)
    expect(texts.filter((text) => text === 'second')).toHaveLength(1)
  },
)

test.skipIf(!hasBrowser)(
  'a message whose answer is lost is sent once, though its conversation ends before the page is loaded again',
  async () => {
    await using server = await startTestServer()
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page } = await openPage(browser, 'about:blank')
    let isDeaf = false
    await page.routeWebSocket(/\/messaging\/consumer/, (socket) => {
      const upstream = socket.connectToServer()
      upstream.onMessage((frame) => {
        if (!isDeaf) socket.send(frame)
      })
    })
    await page.goto(pageOf(server))
    await write(page, 'first')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await nothingWaits(page)

    isDeaf = true
    await write(page, 'second')
    await agent.message(conversationId, ({ text }) => text === 'second')
    await agent.update(conversationId, {
      field: 'ConversationStateField',
      conversationState: 'CLOSE',
    })
    isDeaf = false
    await page.reload()

    await page.getByRole('button', { name: /Show the conversation of/ }).waitFor()
    await nothingWaits(page)
    const listed = await server.request(
      'GET',
      `/api/v1/accounts/${server.accountId}/conversations`,
      {
        bearer: server.adminBearer,
      },
    )
    expect(listed.json<{ conversations: object[] }>().conversations).toHaveLength(1)
    const texts = agent.messages(conversationId).map(({ text }) => text)
    expect(texts.filter((text) => text === 'second')).toHaveLength(1)
  },
)

test.skipIf(!hasBrowser)(
  'a tab that hears late that its token has ended takes nothing from one that has begun anew',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const { page } = await openPage(browser, pageOf(server))
    await write(page, 'first')
    await nothingWaits(page)
    const key = `parley ${server.url} ${server.accountId}`
    await page.evaluate((name) => localStorage.setItem(name, 'no.token'), key)
    const late = await page.context().newPage()
    const { restore } = await cuttableSockets(late)
    await late.addInitScript(() => window.socketsOfTest.cut())
    await late.goto(pageOf(server))
    await late.getByText('The connection was lost.').waitFor()
    const ended = (one: Page) => one.getByText('Your session has ended.')
    const again = (one: Page) => one.getByRole('button', { name: 'Start a new conversation' })
    await page.reload()
    await ended(page).waitFor()
    await again(page).click()
    await write(page, 'second')
    await nothingWaits(page)

    await restore()
    await ended(late).waitFor()
    await page.reload()
    await page.getByText('second', { exact: true }).waitFor()
    await again(late).click()
    await late.getByText('second', { exact: true }).waitFor()
  },
)
