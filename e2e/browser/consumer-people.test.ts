import { openAgentSocket, startTestServer } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

test.skipIf(!hasBrowser)(
  'who writes is asked for again by the next message where the server had no time',
  async () => {
    await using server = await startTestServer({ clock: 'system' })
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await server.request('PATCH', `/api/v1/accounts/${server.accountId}/users/${agent.userId}`, {
      bearer: server.adminBearer,
      body: { nickname: 'Nora Lindqvist' },
    })
    await agent.goOnline()
    await using browser = await openBrowser()
    const address = `${server.url}/consumer/${server.accountId}?skill=1001`
    const { page } = await openPage(browser, address)
    const users = /\/le-users\/users\//
    let asked = 0
    await page.route(users, (route) => {
      asked += 1
      return route.fulfill({ status: 503 })
    })
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('Who is there?')
    await field.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await agent.say(conversationId, 'An agent')
    await page.getByText('An agent', { exact: true }).waitFor()
    await expect.poll(() => asked).toBeGreaterThan(0)
    expect(await page.getByText('Nora Lindqvist').count()).toBe(0)
    await page.unroute(users)
    await agent.say(conversationId, 'Still one')
    await page.getByText('Nora Lindqvist').first().waitFor()
  },
)
