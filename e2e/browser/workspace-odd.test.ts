import {
  anotherScene,
  call,
  openAgentSocket,
  startTestServer,
  type TestServer,
} from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { check, consoleIsBuilt, signIn } from './console.fixture.ts'
import { consumerAt, workspaceAt } from './workspace.fixture.ts'

let server: TestServer
let browser: Browser
beforeAll(async () => {
  if (!hasBrowser) return
  server = await startTestServer({ clock: 'system' })
  await consoleIsBuilt(server)
  browser = await openBrowser()
})
afterAll(async () => {
  if (!hasBrowser) return
  await browser.close()
  await server[Symbol.asyncDispose]()
})

/** An agent in a conversation with a consumer. */
async function stage() {
  const scene = await anotherScene(server)
  const [user] = scene.agents
  const agent = await workspaceAt(browser, scene, user)
  const { page } = agent
  await page.getByRole('button', { name: 'Go online' }).press('Enter')
  const consumer = await consumerAt(browser, scene, scene.skillIds[0] ?? '')
  await consumer.write('hello')
  await page.getByRole('button', { name: /^Accept/ }).press('Enter')
  const log = page.getByRole('log')
  await log.getByText('hello').waitFor()
  const field = page.getByRole('textbox', { name: 'Write a message' })
  return { scene, user, agent, consumer, page, log, field }
}

test.skipIf(!hasBrowser)(
  'whose session the administrator ends signs in over the page, and goes on with what was typed',
  async () => {
    const { scene, user, agent, consumer, page, field } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    await field.fill('half a sentence')
    const password = 'other words of an agent 12'
    const { users } = await call<{ users: { userId: string; loginName: string }[] }>(
      scene,
      'GET',
      'users',
    )
    const userId = users.find(({ loginName }) => loginName === user.user)?.userId
    await call(scene, 'PATCH', `users/${userId}`, { password })
    await page.getByRole('heading', { name: 'Sign in again' }).waitFor()
    await check(page, 'workspace-sign-in-again')
    await consumer.write('are you there')
    await signIn(page, { user: user.user, password })
    await page.getByRole('log').getByText('are you there').waitFor()
    expect(await field.inputValue()).toBe('half a sentence')
    await field.press('Enter')
    await consumer.page.getByText('half a sentence').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'who signs in elsewhere is told so, and can take the work back',
  async () => {
    const { scene, user, agent, consumer, page, log } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    {
      await using _elsewhere = await openAgentSocket(scene, user)
      await page.getByText('You have signed in somewhere else').waitFor()
      await check(page, 'workspace-elsewhere')
    }
    await page.getByRole('button', { name: 'Work here' }).press('Enter')
    await page.getByRole('heading', { name: 'Sign in again' }).waitFor()
    await signIn(page, user)
    await page.getByText('You have signed in somewhere else').waitFor({ state: 'detached' })
    await consumer.write('back again')
    await log.getByText('back again').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a conversation that is closed under the hand keeps what was typed; 200 lines do not fill the page',
  async () => {
    const { agent, consumer, page, log, field } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`).join('\n')
    await consumer.field.fill(lines)
    await consumer.field.press('Enter')
    await log.getByText('line 12').waitFor()
    expect(await log.getByText('line 199').count()).toBe(0)
    await log.getByRole('button', { name: 'Show all' }).press('Enter')
    await log.getByText('line 199').waitFor()
    await field.fill('I was about to say')
    await consumer.page.getByRole('button', { name: 'More' }).click()
    await consumer.page.getByRole('button', { name: 'End conversation' }).click()
    await consumer.page.getByRole('button', { name: 'Yes, end it' }).click()
    await page.getByText('This conversation is closed.').waitFor()
    expect(await field.inputValue()).toBe('I was about to say')
    await field.press('Enter')
    expect(await field.inputValue()).toBe('I was about to say')
  },
)

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test.skipIf(!hasBrowser)(
  'pictures and files go both ways; what only says that it is a picture stands there by its name',
  async () => {
    const { agent, consumer, page, log } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    const attach = (at: typeof page, name: string, mimeType: string, buffer: Buffer) =>
      at.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })
    await attach(consumer.page, 'parcel.png', 'image/png', PNG)
    await log.getByRole('img', { name: 'Picture: parcel.png' }).waitFor()
    await attach(page, 'label.png', 'image/png', PNG)
    await consumer.page.getByRole('img', { name: /label\.png/ }).waitFor()
    await log.getByRole('img', { name: 'Picture: label.png' }).waitFor()
    await attach(page, 'terms.txt', 'text/plain', Buffer.from('Our terms'))
    await log.getByRole('button', { name: /terms\.txt/ }).waitFor()
    await check(page, 'workspace-files')
    await attach(page, 'not.png', 'image/png', Buffer.from('<script>alert(1)</script>'))
    await log.getByText('Picture: not.png').waitFor()
    await attach(page, 'tool.exe', 'application/octet-stream', Buffer.from('MZ'))
    await page.getByRole('alert').getByText(/type/i).waitFor()
    expect(await log.getByText('tool.exe').count()).toBe(0)
    // A note takes no files: they would be for the consumer.
    await page.getByRole('button', { name: 'Private note' }).press('Enter')
    await page.getByRole('button', { name: 'Send a file' }).waitFor({ state: 'detached' })
  },
)
