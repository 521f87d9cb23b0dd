import {
  anotherScene,
  call,
  lambdasOf,
  liveChatAccount,
  openConsumerSocket,
} from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, heading, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'what somebody else changes stands on an open page by itself',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/secrets')
    const { page } = opened
    await heading(page, 'Secrets and environment')
    // The page reads secrets once, and again only when it is told of a change.
    await call(scene, 'POST', 'secrets', { name: 'of-a-colleague', value: 'x' })
    await page.getByText('of-a-colleague').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'hours beside the look of the consumer page, saves of a function and days of what is kept are those that somebody else has set',
  async () => {
    const scene = await anotherScene(served.server)
    const made = { name: 'shared', description: 'Of two', code: 'const lambda = async () => 1' }
    const { functionId } = await call<{ functionId: string }>(scene, 'POST', 'functions', made)
    await using opened = await consoleAt(served.browser, scene, '/consumer-page')
    const { page } = opened
    await page.getByText('Open now, at all hours.').waitFor()
    await call(scene, 'PUT', 'calendars/account', { timeZone: 'UTC', week: {} })
    await page.getByText('Closed now.').waitFor()

    await page.goto(`${scene.url}/console/${scene.accountId}/functions/${functionId}/versions`)
    const versions = page.getByRole('rowheader')
    await versions.first().waitFor()
    const before = await versions.count()
    await call(scene, 'PATCH', `functions/${functionId}`, { code: 'const lambda = async () => 2' })
    await expect.poll(() => versions.count()).toBe(before + 1)

    await page.goto(`${scene.url}/console/${scene.accountId}/limits?group=retention`)
    await page.getByText('retention.auditDays').first().waitFor()
    await call(scene, 'PATCH', 'settings', { retention: { auditDays: 777 } })
    await page.getByText('777 days').first().waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'an administrator erases a consumer from a conversation, and sees that it is under way',
  async () => {
    const scene = await anotherScene(served.server)
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation()
    await consumer.say(conversationId, 'forget me')
    await using opened = await consoleAt(served.browser, scene, `/conversations/${conversationId}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Erase this consumer' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('This cannot be undone.').waitFor()
    await check(page, 'console-erase')
    await pressInDialog(page, 'Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await call(scene, 'GET', `conversations/${conversationId}`)).toMatchObject({
      stage: 'OPEN',
    })

    await page.getByRole('button', { name: 'Erase this consumer' }).press('Enter')
    await dialog.getByRole('button', { name: 'Erase', exact: true }).press('Enter')
    await heading(page, 'Conversations')
    await page.getByRole('status').getByText('The consumer is being erased.').waitFor()
    await page.getByText('There are no conversations yet.').waitFor()
    await page.reload()
    await page.getByRole('status').getByText('The consumer is being erased.').waitFor()
  },
)

test.skipIf(!hasBrowser)('a supervisor erases a live chat that has ended', async () => {
  const account = await liveChatAccount(served.server)
  const { chatId } = await account.ended({ name: 'Ada', text: 'forget me' })
  const user = { loginName: 'sue', password: 'a long enough passphrase' }
  const made = await account.admin('POST', '/users', { ...user, role: 'agent-manager' })
  expect(made.status).toBe(201)
  const sue = { user: user.loginName, password: user.password }
  await using opened = await consoleAt(
    served.browser,
    { url: served.server.url, accountId: account.accountId, admin: sue },
    `/conversations/chats/${chatId}`,
  )
  const { page } = opened
  const erase = page.getByRole('button', { name: 'Erase this chat' })
  await erase.waitFor()
  expect(await page.getByRole('button', { name: 'Erase this consumer' }).count()).toBe(0)
  await erase.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).press('Enter')
  await heading(page, 'Conversations')
  await page.getByText('There are no conversations yet.').waitFor()
  expect((await account.john('GET', `/chats/${chatId}/transcript`)).status).toBe(404)
})

test.skipIf(!hasBrowser)('what was done lately names a function that is deleted', async () => {
  const scene = await anotherScene(served.server)
  const code = 'function lambda(input, callback) { callback(null, {}) }'
  const { uuid } = await lambdasOf(scene).create(code, { name: 'soon_gone' })
  await call(scene, 'DELETE', `functions/${uuid}`)
  await using opened = await consoleAt(served.browser, scene, '/home')
  const lately = opened.page.getByRole('region', { name: 'Lately' })
  const links = lately.getByRole('link', { name: 'soon_gone' })
  await expect.poll(() => links.count()).toBe(2)
  expect(await lately.textContent()).not.toContain(uuid)
})
