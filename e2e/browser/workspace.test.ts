import { login } from '@parley/client'
import { anotherScene, call, openAgentSocket } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, pick, pressInDialog } from './console.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, consumerAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'an agent takes a conversation, talks, transfers, takes it back and closes it: by keyboard alone',
  async () => {
    const scene = await anotherScene(served.server)
    const [user, other] = scene.agents
    const [skillId = ''] = scene.skillIds
    // Who transfers to a skill of its own may be asked again at once.
    const { userId } = await login(scene, user)
    await call(scene, 'PATCH', `users/${userId}`, { skillIds: [skillId] })
    await using agent = await workspaceAt(served.browser, scene, user)
    const { page } = agent
    await page.getByText('You are away').waitFor()
    await check(page, 'workspace-away')
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await page.getByText('You have no conversation.').waitFor()
    await using consumer = await consumerAt(served.browser, scene, skillId)
    await consumer.write('where is my parcel')
    await page.getByText(/\d+ s left/).waitFor()
    await page.getByText('where is my parcel').waitFor()
    await check(page, 'workspace-offer')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await page.getByRole('log').getByText('where is my parcel').waitFor()
    await check(page, 'workspace')
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.pressSequentially('Let me look.')
    await consumer.page.getByText(/typing/).waitFor()
    await page.keyboard.press('Enter')
    await consumer.page.getByText('Let me look.').waitFor()
    await page.getByText('Read', { exact: true }).waitFor()
    await consumer.field.pressSequentially('It is a')
    await page
      .getByText(/is typing…/)
      .first()
      .waitFor()
    await consumer.field.fill('')

    // What is typed outlives the page; what is sent outlives the line.
    await field.fill('It will come')
    await page.reload()
    await page.getByRole('log').getByText('Let me look.').waitFor()
    expect(await field.inputValue()).toBe('It will come')
    await agent.cut()
    await page.getByText(/^The connection is lost/).waitFor()
    await field.press('End')
    await field.pressSequentially(' tomorrow.')
    await page.keyboard.press('Enter')
    await page.getByText('Not sent yet').waitFor()
    await check(page, 'workspace-lost')
    await consumer.write('and the other one')
    await agent.restore()
    await consumer.page.getByText('It will come tomorrow.').waitFor()
    await page.getByRole('log').getByText('and the other one').waitFor()
    // In the conversation, and in the list once the server has told of it.
    await expect.poll(() => page.getByText('It will come tomorrow.').count()).toBe(2)

    await act(page, 'u')
    await page.getByText('Urgent').first().waitFor()
    await using colleague = await openAgentSocket(scene, other)
    await colleague.goOnline()
    await act(page, 't')
    await page.getByRole('heading', { name: 'Transfer this conversation' }).waitFor()
    await check(page, 'workspace-transfer')
    await pressInDialog(page, 'Enter')
    await page.getByText('My conversations (0)').waitFor()
    const conversationId = await ringingConversation(colleague)
    await colleague.accept(conversationId)
    await colleague.say(conversationId, 'I am from support.')
    await consumer.page.getByText('I am from support.').waitFor()

    // Back, with everything that was said meanwhile.
    await colleague.goOnline('AWAY')
    await colleague.update(
      conversationId,
      { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
      { field: 'Skill', type: 'UPDATE', skill: skillId },
    )
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await page.getByRole('log').getByText('I am from support.').waitFor()
    await act(page, 'e')
    await page.getByRole('heading', { name: 'Close this conversation?' }).waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText('This conversation is closed.').waitFor()
    await consumer.page
      .getByText(/has ended|is closed/i)
      .first()
      .waitFor()
    await check(page, 'workspace-closed')
    await page.setViewportSize({ width: 390, height: 800 })
    await check(page, 'workspace-phone')
    await page.getByRole('button', { name: 'Back to the list' }).press('Enter')
    await page.getByText('Over (1)').waitFor()
    await check(page, 'workspace-phone-list')
    await page.getByRole('button', { name: 'Status' }).press('Enter')
    await pick(page, { name: 'Occupied: transfers only' })
    const top = await page.locator('header.top').boundingBox()
    expect(top?.height).toBeLessThan(60)
  },
)
