import type { Scene } from '@parley/server/testing'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { expect } from 'vitest'
import { openPage } from './browser.fixture.ts'
import { signIn } from './console.fixture.ts'

const DESK = { viewport: { width: 1280, height: 800 } }

/** An agent at the workspace; what is wrong with the page is found when it is disposed. */
export async function workspaceAt(
  browser: Browser,
  scene: Scene,
  user: { user: string; password: string },
  options: BrowserContextOptions = DESK,
) {
  const opened = await openPage(browser, `${scene.url}/workspace/${scene.accountId}`, options)
  const { page, problems, origins } = opened
  await signIn(page, user, options.locale)
  await page.getByRole('navigation').waitFor()
  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      await page.context().close()
      expect(problems.filter((text) => !text.includes('the server responded with'))).toEqual([])
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
      await page.getByText(text, { exact: true }).waitFor()
    },
    [Symbol.asyncDispose]: () => page.context().close(),
  }
}
