import { openAgentSocket, startTestServer } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

test.skipIf(!hasBrowser)(
  'a sign-in whose token the server does not accept is told, and the conversation goes on as before',
  async () => {
    await using server = await startTestServer({ clock: 'system' })
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page } = await openPage(
      browser,
      `${server.url}/consumer/${server.accountId}?skill=1001&signIn=true`,
    )
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('Who am I?')
    await field.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    // Of an account whose keys have changed since.
    await page.route(/\/authenticate$/, (route) => route.fulfill({ json: { jwt: 'a.b.c' } }))
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Sign in' }).click()
    const token = page.getByLabel('Token of your sign-in')
    await token.fill('any')
    await token.press('Enter')
    await page.getByRole('alert').getByText('401').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await field.fill('Still me')
    await field.press('Enter')
    await agent.message(conversationId, ({ text }) => text === 'Still me')
    await page.reload()
    await page.getByText('Still me').waitFor()
    expect(await page.getByText('Your session has ended.').count()).toBe(0)
  },
)
