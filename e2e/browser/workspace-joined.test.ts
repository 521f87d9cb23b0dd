import { anotherScene, call } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, checkOnPhone, consoleAt } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, talkAt } from './workspace.fixture.ts'

const served = servedConsole()

/** The tab of the workspace that the supervisor's board opens. */
async function joined(board: Page): Promise<Page> {
  const keyboard = keyboardOf(board)
  await keyboard.press(board.getByRole('button', { name: /^Step in/ }))
  await keyboard.choose(board.getByRole('button', { name: 'What to do' }), /Join its agent/)
  const opened = board.context().waitForEvent('page')
  await keyboard.press(board.getByRole('button', { name: 'Join its agent', exact: true }))
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
