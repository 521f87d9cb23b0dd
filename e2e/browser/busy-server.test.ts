import {
  anotherScene,
  liveChatAccount,
  openAgentSocket,
  startTestServer,
  type TestServer,
} from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser, openContext, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

// A server that has no time answers 503, and later the answer that was wanted.

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

/** Answers 503 to requests of this path until it is called. */
async function busy(page: Page, path: RegExp) {
  const refused = Promise.withResolvers<void>()
  await page.route(path, async (route) => {
    await route.fulfill({ status: 503, json: { error: { message: 'The server is busy' } } })
    refused.resolve()
  })
  return { refused: refused.promise, end: () => page.unroute(path) }
}

async function startChat() {
  const account = await liveChatAccount(server)
  const opened = await openPage(
    browser,
    `${server.url}/consumer/${account.accountId}?channel=chat&skill=${account.careSkillId}`,
  )
  const { page } = opened
  await page.getByLabel('How can we help?').fill('My parcel is late')
  return { ...account, page, start: page.getByRole('button', { name: 'Start chat' }) }
}

test.skipIf(!hasBrowser)('a live chat outlives a reload that a busy server answers', async () => {
  const { page, start } = await startChat()
  await start.click()
  await page.getByText('Waiting for an agent…').waitFor()
  const reading = await busy(page, /\/consumer\/chats\/[^/]+$/)
  await page.reload()
  await reading.refused
  await page.getByText('The connection was lost').waitFor()
  expect(await start.count()).toBe(0)

  await reading.end()
  await page.getByText('Waiting for an agent…').waitFor()
  await page.getByText('My parcel is late').waitFor()
})

test.skipIf(!hasBrowser)('no start form is shown while a chat is read that was kept', async () => {
  const { page, start } = await startChat()
  await start.click()
  await page.getByText('Waiting for an agent…').waitFor()
  const answer = Promise.withResolvers<void>()
  await page.route(/\/consumer\/chats\/[^/]+$/, async (route) => {
    await answer.promise
    await route.continue()
  })
  await page.reload()
  await page.getByText('Connecting…').waitFor()
  await page.getByRole('heading', { name: 'Live chat' }).waitFor()
  expect(await start.count()).toBe(0)
  answer.resolve()
  await page.getByText('My parcel is late').waitFor()
})

test.skipIf(!hasBrowser)(
  'a live chat whose events a busy server refuses gets them later',
  async () => {
    const { page, start, john } = await startChat()
    const listening = await busy(page, /\/events\?/)
    await start.click()
    await listening.refused
    await page.getByText('The connection was lost').waitFor()
    const { chats } = (await john('GET', '/chats')).json<{ chats: { chatId: string }[] }>()
    await john('POST', `/chats/${chats[0]?.chatId}/accept`)

    await listening.end()
    await page.getByText(/has joined the chat/).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a start whose answer is lost is the same chat again, unless the form is changed',
  async () => {
    const { page, start, john } = await startChat()
    let lost = 0
    await page.route(/\/consumer\/chats$/, async (route) => {
      await route.fetch()
      lost += 1
      await route.abort()
    })
    const again = async () => {
      const before = lost
      await start.click()
      await expect.poll(() => lost).toBe(before + 1)
      await start.waitFor()
    }
    await again()
    await again()
    await page.getByLabel('How can we help?').fill('My parcel is broken')
    await again()
    await page.unroute(/\/consumer\/chats$/)
    await start.click()
    await page.getByText('Waiting for an agent…').waitFor()
    await page.getByText('My parcel is broken').waitFor()
    const { chats } = (await john('GET', '/chats')).json<{ chats: object[] }>()
    expect(chats).toHaveLength(2)
  },
)

test.skipIf(!hasBrowser)('a form that is on its way to a slow server is sent once', async () => {
  const { page, start, john, setChat } = await startChat()
  await setChat({ survey: {} })
  const slowly = async (path: RegExp) => {
    const answer = Promise.withResolvers<void>()
    await page.route(path, async (route) => {
      await answer.promise
      await route.continue()
    })
    return answer
  }
  const starting = await slowly(/\/consumer\/chats$/)
  await start.click()
  const sending = page.getByRole('button', { name: 'Sending…' })
  await sending.press('Enter')
  expect(await sending.getAttribute('aria-disabled')).toBe('true')
  starting.resolve()
  await page.getByText('Waiting for an agent…').waitFor()
  const { chats } = (await john('GET', '/chats')).json<{ chats: { chatId: string }[] }>()
  expect(chats).toHaveLength(1)

  await john('POST', `/chats/${chats[0]?.chatId}/accept`)
  await john('POST', `/chats/${chats[0]?.chatId}/end`)
  await page.getByRole('radio', { name: '3' }).check()
  const answering = await slowly(/\/survey$/)
  await page.getByRole('button', { name: 'Send answers' }).click()
  await sending.press('Enter')
  answering.resolve()
  await page.getByText('Thank you for your answers.').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})

test.skipIf(!hasBrowser)(
  'a consumer page follows what a busy server has refused at first',
  async () => {
    const scene = await anotherScene(server)
    await using agent = await openAgentSocket(scene, scene.agents[0]!)
    await agent.goOnline()
    const context = await openContext(browser, { locale: 'en-GB' })
    const page = await context.newPage()
    const unrefused = new Set(['cqm.SubscribeExConversations', 'ms.SubscribeMessagingEvents'])
    await page.routeWebSocket(/ws_api/, (socket) => {
      const to = socket.connectToServer()
      socket.onMessage((frame) => {
        const { id: reqId, type } = JSON.parse(String(frame)) as { id: string; type: string }
        const busy = { kind: 'resp', reqId, code: 503, type: 'StringResp', body: 'busy' }
        if (unrefused.delete(type)) socket.send(JSON.stringify(busy))
        else to.send(frame)
      })
    })
    await page.goto(`${scene.url}/consumer/${scene.accountId}?skill=${scene.skillIds[0]}`)
    await page.getByText('Connecting…').waitFor({ state: 'hidden' })
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('first')
    await field.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await agent.say(conversationId, 'an answer')
    await page.getByText('an answer').waitFor()
    expect(unrefused).toEqual(new Set())
    expect(await page.getByRole('alert').count()).toBe(0)
    await context.close()
  },
)
