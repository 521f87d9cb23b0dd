import { anotherScene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, consumerAt, talkAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

/** The part of the page that has the focus. */
const focusIsAt = (page: Page, name: string) =>
  expect.poll(() => page.evaluate('document.activeElement?.getAttribute("aria-label")')).toBe(name)

test.skipIf(!hasBrowser)(
  'who declines an offer or goes online by keyboard goes on in the list, not at the top of the page',
  async () => {
    const scene = await anotherScene(served.server)
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0])
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await focusIsAt(page, 'Conversations')
    await using consumer = await consumerAt(served.browser, scene, scene.skillIds[0] ?? '')
    await consumer.write('hello')
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.locator('button:focus', { hasText: 'Decline' }).waitFor()
    await page.keyboard.press('Enter')
    await focusIsAt(page, 'Conversations')
  },
)

test.skipIf(!hasBrowser)(
  'who closes a conversation by keyboard stays in it, and is in the list once it is off it',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    const { page } = talk
    await act(page, 'e')
    await page.getByRole('heading', { name: 'Close this conversation?' }).waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText('This conversation is closed.').waitFor()
    await focusIsAt(page, 'This conversation')
    await page.getByRole('button', { name: 'Take off the list' }).press('Enter')
    await focusIsAt(page, 'Conversations')
  },
)
