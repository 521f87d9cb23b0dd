import { givenFunction, openConsumerSocket, type Scene } from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openConsole, signIn } from './console.fixture.ts'

export const WELCOME = 'controllerbot_messaging_new_conversation'

/** The administrator of a new account, at the page; what is wrong is found when it is disposed. */
export async function consoleAt(
  browser: Browser,
  scene: Scene,
  path: string,
  user: { user: string; password: string } = scene.admin,
) {
  const opened = await openConsole(browser, scene.url, `/${scene.accountId}${path}`)
  await signIn(opened.page, user)
  await opened.page.getByRole('navigation', { name: 'Pages' }).waitFor()
  return {
    page: opened.page,
    async [Symbol.asyncDispose]() {
      const { problems, origins } = opened
      await opened[Symbol.asyncDispose]()
      // What the browser says of answers like 404 is no error of the page.
      expect(problems.filter((text) => !text.includes('the server responded with'))).toEqual([])
      expect([...origins]).toEqual([new URL(scene.url).host])
    },
  }
}

export async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).press('Enter')
}

export async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

/** A conversation that a function has greeted. */
export async function greeted(scene: Scene, answer: string, said: string): Promise<string> {
  await givenFunction(scene, WELCOME, answer)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation()
  await consumer.message(conversationId, ({ role }) => role === 'CONTROLLER')
  await consumer.say(conversationId, said)
  return conversationId
}
