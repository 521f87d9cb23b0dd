import { call, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { openStage } from './stage.fixture.ts'

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer()
  if (hasBrowser) browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const opener = (page: Page) => page.getByRole('button', { name: /^Open messages/ })
/** The name of what has the focus, within the window, too. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const host = document.activeElement
    const inside = host?.shadowRoot?.activeElement ?? host
    return inside?.getAttribute('aria-label') ?? inside?.textContent ?? ''
  })

test.skipIf(!hasBrowser)('the keyboard reaches everything, and never loses its place', async () => {
  await using stage = await openStage(server, browser, { embedded: true })
  const { page, agent, accept } = stage
  await opener(page).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page)).toBe('Write a message')
  await page.keyboard.type('Which size?')
  await page.keyboard.press('Enter')
  const conversationId = await accept()
  // The conversation rings before its first message is there, and the buttons go with the next message.
  await agent.message(conversationId, ({ text }) => text === 'Which size?')
  const reply = (title: string) => ({
    type: 'button',
    title,
    click: { actions: [{ type: 'publishText', text: title }] },
  })
  await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: {
      type: 'ContentEvent',
      contentType: 'text/plain',
      message: 'Small or large?',
      quickReplies: { type: 'quickReplies', itemsPerRow: 8, replies: [reply('Small')] },
    },
  })
  await button(page, 'Small').press('Enter')
  await agent.message(conversationId, ({ text }) => text === 'Small')
  await expect.poll(() => focused(page)).toBe('Write a message')

  await page.keyboard.press('ArrowUp')
  await expect.poll(() => focused(page)).toContain('Small')
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => focused(page)).toContain('Small or large?')
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toBe('Write a message')

  await button(page, 'More').press('Enter')
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toBe('More')
  await page.keyboard.press('Enter')
  await button(page, 'End conversation').press('Enter')
  await expect.poll(() => focused(page)).toBe('Cancel')
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toBe('Write a message')
  await button(page, 'More').press('Enter')
  await button(page, 'End conversation').press('Enter')
  await button(page, 'Yes, end it').press('Enter')
  await page.getByText('This conversation has ended.').waitFor()
  await expect.poll(() => focused(page)).toBe('Start a new conversation')
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page)).toBe('Write a message')

  await page.keyboard.press('Escape')
  await opener(page).waitFor()
  await expect.poll(() => focused(page)).toBe('Open messages')
})

test.skipIf(!hasBrowser)(
  'the sign-in field tells what is wrong, and Escape leaves it',
  async () => {
    await using stage = await openStage(server, browser, { query: { signIn: 'true' } })
    const { page } = stage
    const signIn = async () => {
      await button(page, 'More').click()
      await button(page, 'Sign in').click()
      await expect.poll(() => focused(page)).toBe('')
    }
    await signIn()
    await page.getByLabel('Token of your sign-in').fill('not a token')
    await page.keyboard.press('Enter')
    await page
      .getByRole('alert')
      .getByText('The token')
      .or(page.getByRole('alert').getByText('40'))
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('Token of your sign-in').waitFor({ state: 'detached' })
    await expect.poll(() => focused(page)).toBe('Write a message')
  },
)

test.skipIf(!hasBrowser)('messages are sent, delivered and read, on both sides', async () => {
  await using stage = await openStage(server, browser, { embedded: true })
  const { page, agent, write, accept } = stage
  await opener(page).click()
  await write('Are you there?')
  const conversationId = await accept()
  const own = page.locator('li.own').filter({ hasText: 'Are you there?' })
  await own.getByText('Sent', { exact: true }).waitFor()
  const { sequence } = await agent.message(conversationId, ({ role }) => role === 'CONSUMER')
  const report = (status: string) =>
    agent.request('.ams.ms.PublishEvent', {
      dialogId: conversationId,
      event: { type: 'AcceptStatusEvent', status, sequenceList: [sequence] },
    })
  await report('ACCEPT')
  await own.getByText('Delivered', { exact: true }).waitFor()
  await report('READ')
  await own.getByText('Read', { exact: true }).waitFor()

  const reported = (status: string, wanted: number) =>
    agent.message(
      conversationId,
      ({ role, event }) =>
        role === 'CONSUMER' && event.status === status && event.sequenceList.includes(wanted),
    )
  await reported('READ', await agent.say(conversationId, 'Yes'))
  await button(page, 'Close messages').click()
  const unseen = await agent.say(conversationId, 'And now?')
  await reported('ACCEPT', unseen)
  await expect.poll(() => page.title()).toBe('(1) Shop')
  await page.getByRole('button', { name: 'Open messages 1 new message' }).click()
  await reported('READ', unseen)
  await expect.poll(() => page.title()).toBe('Shop')
})

test.skipIf(!hasBrowser)('scripts of the page around open, fill and listen', async () => {
  await using stage = await openStage(server, browser, {
    embedded: true,
    script: `
      window.heard = []
      for (const name of ['open', 'close', 'message', 'unread', 'conversation']) {
        parley.on(name, (event) => heard.push([name, event]))
      }
      parley.on('open', () => { throw new Error('of the shop') })
      parley.open()
      parley.prefill('I look for a shed')`,
  })
  const { page, agent, accept } = stage
  await expect.poll(() => field(page).inputValue()).toBe('I look for a shed')
  await field(page).press('Enter')
  const conversationId = await accept()
  // The automatic messages have been seen before the window is closed.
  await page.getByText('You are now connected to an agent.').waitFor()
  await page.evaluate(() => window.parley?.close())
  await opener(page).waitFor()
  await agent.say(conversationId, 'We have three')
  const heard = () => page.evaluate(() => Reflect.get(window, 'heard') as [string, object][])
  await expect.poll(heard).toContainEqual(['message', { by: 'person', text: 'We have three' }])
  await expect.poll(heard).toContainEqual(['unread', { count: 1 }])
  const events = await heard()
  expect(events).toContainEqual(['conversation', { conversationId, state: 'OPEN' }])
  expect(events).toContainEqual(['message', { by: 'consumer', text: 'I look for a shed' }])
  expect(events.flatMap(([name]) => (['open', 'close'].includes(name) ? [name] : []))).toEqual([
    'open',
    'close',
  ])
})

test.skipIf(!hasBrowser)('scripts hear of a message before which there was none', async () => {
  await using stage = await openStage(server, browser, {
    embedded: true,
    script: `
      window.heard = []
      parley.on('message', (event) => heard.push(event))
      parley.open()`,
    before: (scene) =>
      call(scene, 'PUT', 'automatic-messages/CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME', {
        active: false,
      }),
  })
  const { page, write } = stage
  await write('The first one')
  const heard = () => page.evaluate(() => Reflect.get(window, 'heard') as object[])
  await expect.poll(heard).toContainEqual({ by: 'consumer', text: 'The first one' })
})

test.skipIf(!hasBrowser)('bots are named as bots, and agents have their pictures', async () => {
  await using stage = await openStage(server, browser, {
    before: async (scene) => {
      const [agent] = scene.agents
      const { users } = await call<{ users: { userId: string; loginName: string }[] }>(
        scene,
        'GET',
        'users',
      )
      const { userId } = users.find(({ loginName }) => loginName === agent?.user)!
      await call(scene, 'PATCH', `users/${userId}`, {
        kind: 'bot',
        pictureUrl: 'https://pictures.example.com/bot.png',
      })
    },
  })
  const { page, agent, write, accept } = stage
  const body = await page.screenshot()
  await page.route('https://pictures.example.com/**', (route) =>
    route.fulfill({ contentType: 'image/png', body }),
  )
  await write('Hello')
  const conversationId = await accept()
  await agent.say(conversationId, 'I am a machine')
  await page.locator('li.other').getByText('Bot', { exact: true }).waitFor()
  await page.locator('header').getByText('Bot', { exact: true }).waitFor()
  await page.locator('li.other .avatar img').waitFor({ state: 'attached' })
  await agent.update(conversationId, {
    field: 'ConversationStateField',
    conversationState: 'CLOSE',
  })
})

test.skipIf(!hasBrowser)('a slow network and a wrong address are told kindly', async () => {
  await using stage = await openStage(server, browser, { embedded: true })
  const { page, scene } = stage
  const held = Promise.withResolvers<void>()
  await page.route('**/signup', async (route) => {
    await held.promise
    await route.continue()
  })
  await opener(page).click()
  await page.getByRole('status').getByText('Connecting…').waitFor()
  await expect.poll(() => focused(page)).toBe('Messages')
  held.resolve()
  await field(page).waitFor()

  await page.goto(`${server.url}/consumer/${scene.accountId}?skill=999&language=de`)
  await page.getByText('In diesem Konto gibt es keinen Skill „999“.').waitFor()
  await page.goto(`${server.url}/consumer/nobody`)
  await page.getByText('There is no account "nobody" on this server.').waitFor()
  await page.goto(`${server.url}/consumer/${scene.accountId}?channel=chat`)
  await page.getByText('A live chat needs a skill').waitFor()
})

test.skipIf(!hasBrowser)('a consumer whose token has ended begins again', async () => {
  await using stage = await openStage(server, browser)
  const { page, write, scene } = stage
  await write('Hello')
  const key = `parley ${server.url} ${scene.accountId}`
  await page.evaluate((name) => localStorage.setItem(name, 'no.token'), key)
  await page.reload()
  await page.getByText('Your session has ended.').waitFor()
  await button(page, 'Start a new conversation').click()
  await write('Hello again')
})

test.skipIf(!hasBrowser)('an account sets logo, corner and colours of its window', async () => {
  await using stage = await openStage(server, browser, {
    embedded: true,
    look: {
      logoUrl: 'https://logos.example.com/logo.png',
      position: 'start',
      accent: '#ffe14d',
      scheme: 'light',
      texts: { en: { title: 'Garden help', greeting: 'Ask us about gardens' } },
    },
  })
  const { page } = stage
  const body = await page.screenshot()
  await page.route('https://logos.example.com/**', (route) =>
    route.fulfill({ contentType: 'image/png', body }),
  )
  const launcher = await opener(page).boundingBox()
  expect(launcher?.x).toBeLessThan(40)
  const colours = await opener(page).evaluate((one) => {
    const { backgroundColor, color } = getComputedStyle(one)
    return { backgroundColor, color }
  })
  // Black letters can be read on a light colour.
  expect(colours).toEqual({ backgroundColor: 'rgb(255, 225, 77)', color: 'rgb(0, 0, 0)' })
  await opener(page).click()
  await page.getByRole('heading', { name: 'Garden help' }).waitFor()
  await page.getByText('Ask us about gardens').waitFor()
  await page.locator('img.logo').waitFor()
})
