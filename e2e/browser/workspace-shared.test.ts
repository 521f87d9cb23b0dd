import { anotherScene, openAgentSocket } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { signIn } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt } from './workspace.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'who signs in after a colleague in the same browser sends nothing of the colleague and sees no draft',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene, 'hello', { isCut: true })
    const { user, agent, consumer, page, log, field } = talk
    const conversationId = new URL(page.url()).pathname.split('/').at(-1)
    await agent.cut()
    await page.getByText(/^The connection is lost/).waitFor()
    await field.fill('words of the first one')
    await field.press('Enter')
    await page.getByText('Not sent yet').waitFor()
    await field.fill('half a sentence')
    const menu = page.getByRole('button', { name: new RegExp(user.user) })
    await menu.press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
    await page.getByLabel('Login name').waitFor()
    {
      await using first = await openAgentSocket(scene, user)
      const leave = { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }
      await first.request('.ams.cm.UpdateConversationField', {
        conversationId,
        conversationField: [leave],
      })
    }

    await agent.restore()
    const [, next] = scene.agents
    if (!next) throw new Error('The account has one agent only')
    await signIn(page, next)
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await log.getByText('hello').waitFor()
    expect(await field.inputValue()).toBe('')
    await field.fill('words of the second one')
    await field.press('Enter')
    await consumer.page.getByText('words of the second one').waitFor()
    expect(await page.getByText('words of the first one').count()).toBe(0)
    expect(await consumer.page.getByText('words of the first one').count()).toBe(0)

    // The first one's words are kept until it comes back.
    await page.getByRole('button', { name: new RegExp(next.user) }).press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
    await signIn(page, user)
    await page.getByRole('navigation').waitFor()
    const kept = await page.evaluate<string>('JSON.stringify(localStorage)')
    expect(kept).toContain('half a sentence')
  },
)
