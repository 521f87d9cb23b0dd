import { anotherScene, call } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, checkOnPhone, consoleAt } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, talkAt, visitorAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

async function join(board: Page): Promise<void> {
  const keyboard = keyboardOf(board)
  await keyboard.press(board.getByRole('button', { name: /^Step in/ }))
  await keyboard.choose(board.getByRole('button', { name: 'What to do' }), /Join its agent/)
  await keyboard.press(board.getByRole('button', { name: 'Join its agent', exact: true }))
}

/** The tab of the workspace that the supervisor's board opens. */
async function joined(board: Page): Promise<Page> {
  const opened = board.context().waitForEvent('page')
  await join(board)
  return await opened
}

test.skipIf(!hasBrowser)(
  'a supervisor joins an agent from the board, tells it something, writes to the consumer, and goes: all see what concerns them',
  async () => {
    const { server, browser } = served
    const scene = await anotherScene(server)
    const { id } = await call<{ id: string }>(scene, 'GET', 'caller')
    await call(scene, 'PATCH', `users/${id}`, { nickname: 'Ines Okafor' })
    await using talk = await talkAt(browser, scene, 'my parcel never came')
    const { consumer, page: agent, log } = talk
    await using opened = await consoleAt(browser, scene, '/board?which=open')
    const supervisor = await joined(opened.page)
    const theirs = supervisor.getByRole('log')
    await theirs.getByText('my parcel never came').waitFor()
    await supervisor.getByText('Joined (1)').waitFor()
    await supervisor.getByText(/· answers$/).waitFor()
    await agent.getByText('Ines Okafor · Manager').waitFor()
    await check(agent, 'workspace-joined-agent')
    await check(supervisor, 'workspace-joined')

    // What is not meant for the consumer is not sent to it by mistake.
    await supervisor.getByRole('textbox', { name: 'Write a private note' }).fill('Offer a refund.')
    await supervisor.keyboard.press('Enter')
    await log.getByText('Offer a refund.').waitFor()
    await log.getByText('Ines Okafor').first().waitFor()
    await keyboardOf(supervisor).press(supervisor.getByRole('button', { name: 'Private note' }))
    await supervisor.getByRole('textbox', { name: 'Write a message' }).fill('We look into it.')
    await supervisor.keyboard.press('Enter')
    await consumer.page.getByText('We look into it.').waitFor()
    await log.getByText('We look into it.').waitFor()
    expect(await consumer.page.getByText('Offer a refund.').count()).toBe(0)
    await consumer.write('thank you')
    await theirs.getByText('thank you').waitFor()

    await supervisor.setViewportSize({ width: 390, height: 844 })
    await checkOnPhone(supervisor, 'workspace-phone-joined')
    await act(supervisor, 'l')
    await supervisor.getByText('My conversations (0)').waitFor()
    await agent.getByText('Ines Okafor · Manager').waitFor({ state: 'detached' })
    expect(await agent.getByText('My conversations (1)').count()).toBe(1)
  },
)

test.skipIf(!hasBrowser)(
  'a supervisor joins a live chat from the board, tells its agent something, writes to the visitor, and takes over',
  async () => {
    const { server, browser } = served
    const scene = await anotherScene(server)
    const { id } = await call<{ id: string }>(scene, 'GET', 'caller')
    await call(scene, 'PATCH', `users/${id}`, { fullName: 'Ines Okafor', nickname: 'Ines Okafor' })
    await using agent = await workspaceAt(browser, scene, scene.agents[0]!)
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using visitor = await visitorAt(browser, scene, scene.skillIds[0] ?? '', {
      name: 'Grace',
      text: 'my parcel never came',
    })
    await page.getByRole('button', { name: 'Accept Grace' }).press('Enter')
    const log = page.getByRole('log')
    await log.getByText('my parcel never came').waitFor()
    await using opened = await consoleAt(browser, scene, '/board?which=open')
    const supervisor = await joined(opened.page)
    const theirs = supervisor.getByRole('log')
    await theirs.getByText('my parcel never came').waitFor()
    await supervisor.getByText('Joined (1)').waitFor()
    await supervisor.getByText(/· answers$/).waitFor()
    await page.getByText('Ines Okafor · Manager').waitFor()
    await log.getByText('Ines Okafor joined as a manager').waitFor()
    await check(page, 'workspace-joined-chat-agent')

    await supervisor.getByRole('textbox', { name: 'Write a private note' }).fill('Offer a refund.')
    await supervisor.keyboard.press('Enter')
    await log.getByText('Offer a refund.').waitFor()
    await keyboardOf(supervisor).press(supervisor.getByRole('button', { name: 'Private note' }))
    await supervisor.getByRole('textbox', { name: 'Write a message' }).fill('We look into it.')
    await supervisor.keyboard.press('Enter')
    await visitor.page.getByText('We look into it.').waitFor()
    await log.getByText('We look into it.').waitFor()
    expect(await theirs.getByText('We look into it.').count()).toBe(1)
    expect(await visitor.page.getByText('Offer a refund.').count()).toBe(0)
    expect(await visitor.page.getByText('joined as a manager').count()).toBe(0)
    await visitor.field.pressSequentially('thank')
    await supervisor
      .getByText(/is typing…/)
      .first()
      .waitFor()
    await visitor.field.fill('thank you')
    await visitor.field.press('Enter')
    await theirs.getByText('thank you').waitFor()
    await check(supervisor, 'workspace-joined-chat')

    // It is there after a reload; leaves and joins again; then it answers itself.
    await supervisor.reload()
    await theirs.getByText('thank you').waitFor()
    await supervisor.getByText('Joined (1)').waitFor()
    await act(supervisor, 'l')
    await supervisor.getByText('My conversations (0)').waitFor()
    await supervisor.getByText('Joined (1)').waitFor({ state: 'detached' })
    await page.getByText('Ines Okafor · Manager').waitFor({ state: 'detached' })
    await join(opened.page)
    await theirs.getByText('thank you').waitFor()
    await supervisor.setViewportSize({ width: 390, height: 844 })
    await checkOnPhone(supervisor, 'workspace-phone-joined-chat')
    await act(supervisor, 'o')
    await theirs.getByText(/passed the chat to Ines Okafor/).waitFor()
    await supervisor.getByText('My conversations (1)').waitFor({ state: 'attached' })
    await page.getByText('This conversation is no longer with you.').waitFor()
  },
)
