import { openAgentSocket, startTestServer } from '@parley/server/testing'
import { test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

test.skipIf(!hasBrowser)(
  'what is typed and sent before the new field is drawn is sent',
  async () => {
    await using server = await startTestServer()
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page } = await openPage(browser, `${server.url}/consumer/${server.accountId}`)
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('first')
    await field.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'End conversation' }).click()
    const back = page.getByRole('button', { name: 'Cancel' })
    await back.waitFor()
    await back.evaluate(async (button: HTMLElement) => {
      const root = button.getRootNode() as ParentNode
      // A browser that is busy draws nothing for a while.
      const draw = window.requestAnimationFrame
      window.requestAnimationFrame = () => 0
      button.click()
      const made = () => root.querySelector('textarea')
      while (!made()) await new Promise((resolve) => setTimeout(resolve))
      const input = made()!
      input.value = 'at once'
      input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
      window.requestAnimationFrame = draw
    })
    await agent.message(conversationId, ({ text }) => text === 'at once')
  },
)
