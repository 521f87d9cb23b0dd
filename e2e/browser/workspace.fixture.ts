import type { Scene } from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openPage, type PageOptions } from './browser.fixture.ts'
import { signIn } from './console.fixture.ts'

const DESK = { viewport: { width: 1280, height: 800 } }

/** An agent at the workspace; what is wrong with the page is found when it is disposed. */
export async function workspaceAt(
  browser: Browser,
  scene: Pick<Scene, 'url' | 'accountId'>,
  user: { user: string; password: string },
  { isCut = false, ...options }: PageOptions & { /** Requests may fail. */ isCut?: boolean } = {},
) {
  const opened = await openPage(browser, `${scene.url}/workspace/${scene.accountId}`, {
    ...DESK,
    ...options,
  })
  const { page, problems, origins } = opened
  await signIn(page, user, options.locale)
  await page.getByRole('navigation').waitFor()
  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      await page.context().close()
      const expected = isCut
        ? /the server responded with|net::ERR_|Error during WebSocket handshake/
        : /the server responded with/
      expect(problems.filter((text) => !expected.test(text))).toEqual([])
      expect([...origins]).toEqual([new URL(scene.url).host])
    },
  }
}

/** A consumer at the consumer page, who writes. */
export async function consumerAt(browser: Browser, scene: Scene, skillId: string) {
  const address = `${scene.url}/consumer/${scene.accountId}?skill=${skillId}`
  const opened = await openPage(browser, address)
  const { page } = opened
  const field = page.getByRole('textbox', { name: 'Write a message' })
  return {
    ...opened,
    field,
    async write(text: string) {
      await field.fill(text)
      await field.press('Enter')
      // The page shows it at once, and when it was stored only later: agents may ring before.
      const shown = page.getByText(text, { exact: true })
      const stored = page.getByRole('listitem').filter({ has: shown }).locator('time')
      await stored.last().waitFor({ state: 'attached' })
    },
    [Symbol.asyncDispose]: () => page.context().close(),
  }
}

/** A consumer in a live chat at the consumer page. */
export async function visitorAt(
  browser: Browser,
  scene: Scene,
  skillId: string,
  { name, text }: { name: string; text: string },
) {
  const address = `${scene.url}/consumer/${scene.accountId}?channel=chat&skill=${skillId}`
  const opened = await openPage(browser, address)
  const { page } = opened
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('How can we help?').fill(text)
  await page.getByRole('button', { name: 'Start chat' }).click()
  await page.getByText('Waiting for an agent…').waitFor()
  return {
    ...opened,
    field: page.getByRole('textbox', { name: 'Write a message' }),
    [Symbol.asyncDispose]: () => page.context().close(),
  }
}

/** An agent online, with a conversation that was opened by these words. */
export async function talkAt(
  browser: Browser,
  scene: Scene,
  words = 'hello',
  options: PageOptions & { isCut?: boolean } = {},
) {
  const [user] = scene.agents
  if (!user) throw new Error('The account has no agent')
  const agent = await workspaceAt(browser, scene, user, options)
  const { page } = agent
  await page.getByRole('button', { name: 'Go online' }).press('Enter')
  const consumer = await consumerAt(browser, scene, scene.skillIds[0] ?? '')
  await consumer.write(words)
  await page.getByRole('button', { name: /^Accept/ }).press('Enter')
  const log = page.getByRole('log')
  await log.getByText(words).waitFor()
  const field = page.getByRole('textbox', { name: 'Write a message' })
  return {
    user,
    agent,
    consumer,
    page,
    log,
    field,
    async [Symbol.asyncDispose]() {
      await consumer[Symbol.asyncDispose]()
      await agent[Symbol.asyncDispose]()
    },
  }
}

/** Opens the actions of the conversation, and does the one of this letter. */
export async function act(page: Page, letter: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions' }).waitFor()
  await page.keyboard.press('ControlOrMeta+j')
  // Before it has the focus, the letter is for the page.
  await page.getByRole('menu').and(page.locator(':focus-within')).waitFor()
  await page.keyboard.press(letter)
}
