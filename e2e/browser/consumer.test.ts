import { generateKeyPairSync, sign } from 'node:crypto'
import { openAgentSocket, startTestServer, type TestServer } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { axeFindings } from './axe.fixture.ts'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'
import { serveShop } from './shop.fixture.ts'

const pageOf = (server: TestServer) => `${server.url}/consumer/${server.accountId}?skill=1001`
const writing = { name: 'Write a message' }

/** Has the account trust an issuer; a token of it. */
async function givenSignIn(server: TestServer): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const issuer = 'https://id.example.com'
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' })
  await server.request('POST', `/api/v1/accounts/${server.accountId}/issuers`, {
    bearer: server.adminBearer,
    body: { issuer, publicKeyPem },
  })
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, sub: 'grace', iat: now, exp: now + 600 }
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
}

test.skipIf(!hasBrowser)(
  'a consumer writes by keyboard, an agent answers, the conversation ends',
  async () => {
    await using server = await startTestServer()
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page, problems } = await openPage(browser, pageOf(server))

    await page.getByRole('textbox', writing).fill('Hello, is anybody there?')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await agent.message(conversationId, ({ text }) => text === 'Hello, is anybody there?')
    await agent.say(conversationId, 'Yes: how can I help?')

    await page.getByText('Yes: how can I help?').waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Mark as urgent' }).click()
    await agent.until(
      () => agent.details(conversationId)?.ttr?.ttrType === 'URGENT',
      'the urgent mark',
    )
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'Not urgent' }).waitFor()
    expect(await axeFindings(page)).toEqual([])

    await page.getByRole('button', { name: 'End conversation' }).click()
    await page.getByRole('button', { name: 'Yes, end it' }).click()
    await page.getByText('This conversation has ended.').waitFor()
    await page.getByRole('button', { name: 'Start a new conversation' }).click()
    await page.getByRole('textbox', writing).fill('One more thing')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    expect(problems).toEqual([])
  },
)

test.skipIf(!hasBrowser)('cards and quick replies are shown and answer when clicked', async () => {
  await using server = await startTestServer()
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  await using browser = await openBrowser()
  const { page, problems } = await openPage(browser, pageOf(server))
  await page.getByRole('textbox', writing).fill('Which plans are there?')
  await page.keyboard.press('Enter')
  const conversationId = await ringingConversation(agent)
  await agent.accept(conversationId)

  const reply = (title: string) => ({
    type: 'button',
    title,
    click: {
      actions: [{ type: 'publishText', text: title }],
      metadata: [{ type: 'ExternalId', id: title }],
    },
  })
  await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: {
      type: 'RichContentEvent',
      content: {
        type: 'vertical',
        elements: [{ type: 'text', text: 'Our plans' }, reply('Small'), reply('Large')],
      },
      quickReplies: { type: 'quickReplies', itemsPerRow: 8, replies: [reply('Neither')] },
    },
  })

  await page.getByText('Our plans').waitFor()
  await page.getByRole('button', { name: 'Large' }).click()
  const chosen = await agent.message(conversationId, ({ text }) => text === 'Large')
  expect(chosen.role).toBe('CONSUMER')
  const clicked = agent
    .messages(conversationId)
    .find(({ event }) => event.type === 'AcceptStatusEvent' && event.status === 'ACTION')
  expect(clicked).toBeDefined()
  expect(problems).toEqual([])
})

test.skipIf(!hasBrowser)(
  'what is written while the connection is lost is marked, then sent once',
  async () => {
    await using server = await startTestServer()
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page, cut, restore } = await openPage(browser, pageOf(server))
    await page.getByRole('textbox', writing).fill('first')
    await page.keyboard.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await agent.message(conversationId, ({ text }) => text === 'first')
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)

    await cut()
    await page.getByText('The connection was lost').waitFor()
    await page.getByRole('textbox', writing).fill('second')
    await page.keyboard.press('Enter')
    await page.getByText('Not sent yet').waitFor()
    await agent.say(conversationId, 'said meanwhile')

    await restore()
    await agent.message(conversationId, ({ text }) => text === 'second')
    await page.getByText('said meanwhile').waitFor()
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    expect(await page.getByText('second', { exact: true }).count()).toBe(1)
    const texts = agent.messages(conversationId).map(({ text }) => text)
    expect(texts.filter((text) => text === 'second')).toHaveLength(1)
  },
)

test.skipIf(!hasBrowser)(
  'who is at the end stays there when the page scrolls in the moment in which the log grows',
  async () => {
    await using server = await startTestServer()
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page } = await openPage(browser, pageOf(server))
    await page.getByRole('textbox', writing).fill('first')
    await page.keyboard.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    for (let line = 0; line < 30; line++) await agent.say(conversationId, `line ${line}`)
    await page.getByText('line 29', { exact: true }).waitFor()
    await page.getByRole('log').evaluate((log) => {
      // As a picture that has loaded; the page tells of the scrolling before it tells of the height.
      const picture = document.createElement('div')
      picture.style.height = '200px'
      log.querySelector('ol')?.after(picture)
      log.scrollTop -= 1
    })
    await agent.say(conversationId, 'at the end')
    await page.getByText('at the end', { exact: true }).waitFor()
    await page
      .getByRole('log')
      .evaluate(
        (log) =>
          log.scrollHeight - log.scrollTop - log.clientHeight < 48 ||
          Promise.reject(new Error('away')),
      )
  },
)

test.skipIf(!hasBrowser)(
  'what cannot be done while the connection is lost is said so, and works when it is back',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const { page, cut, restore } = await openPage(browser, pageOf(server))
    await page.getByRole('textbox', writing).fill('first')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    const failed = page
      .getByRole('alert')
      .getByText('There is no connection. Try again in a moment.')
    const choose = async (name: string) => {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('button', { name }).click()
    }
    await cut()
    await page.getByText('The connection was lost').waitFor()
    await choose('Mark as urgent')
    await failed.waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await choose('End conversation')
    await page.getByRole('button', { name: 'Yes, end it' }).click()
    await failed.waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    const file = { name: 'parcel.txt', mimeType: 'text/plain', buffer: Buffer.from('Where?') }
    await page.locator('input[type=file]').setInputFiles(file)
    const uploading = page.getByRole('progressbar', { name: 'Uploading: parcel.txt' })
    await uploading.waitFor()

    await restore()
    await page.getByText('The connection was lost').waitFor({ state: 'hidden' })
    await uploading.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'File: parcel.txt' }).waitFor()
    await choose('End conversation')
    await page.getByRole('button', { name: 'Yes, end it' }).click()
    await page.getByText('This conversation has ended.').waitFor()
  },
)

test.skipIf(!hasBrowser)('what a busy server refuses is sent again, each line once', async () => {
  await using server = await startTestServer()
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  await using browser = await openBrowser()
  const { page } = await openPage(browser, pageOf(server))
  const send = async (line: string) => {
    await page.getByRole('textbox', writing).fill(line)
    await page.keyboard.press('Enter')
  }
  await send('line 0')
  const conversationId = await ringingConversation(agent)
  await agent.accept(conversationId)
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { messaging: { requestsPerSecond: 2 } },
  })
  await page.getByText('You are now connected to an agent.').waitFor()

  const lines = Array.from({ length: 5 }, (_, index) => `line ${index}`)
  for (const line of lines.slice(1)) await send(line)

  const said = () =>
    agent
      .messages(conversationId)
      .filter(({ role }) => role === 'CONSUMER')
      .flatMap(({ text }) => text ?? [])
  await expect.poll(said).toEqual(lines)
  await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
})

test.skipIf(!hasBrowser)(
  'a consumer signs in during the conversation, and still is after a reload',
  async () => {
    await using server = await startTestServer({ clock: 'system' })
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    const token = await givenSignIn(server)
    await using shop = await serveShop(
      `<script>
      const tokens = ['not a token', 'nor this', '${token}']
      window.parleySignIn = async () => tokens.shift()
    </script>
    <script src="${server.url}/consumer.js" data-account="${server.accountId}" data-skill="1001" data-sign-in></script>`,
    )
    await using browser = await openBrowser()
    const { page } = await openPage(browser, shop.url)
    await page.getByRole('button', { name: 'Open messages' }).click()
    await page.getByRole('textbox', writing).fill('Who am I?')
    await page.keyboard.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    const [anonymous] = agent.details(conversationId).participantsPId.CONSUMER

    const signIn = async () => {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await signIn()
    await page.getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
    await signIn()
    await page.getByRole('alert').waitFor()
    await signIn()
    await page.getByText('Signed in', { exact: true }).waitFor()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    await agent.until(
      () => agent.details(conversationId).participantsPId.CONSUMER[0] !== anonymous,
      'the known consumer',
    )

    await page.reload()
    await page.getByRole('button', { name: 'Open messages' }).click()
    await page.getByText('Signed in', { exact: true }).waitFor()
    await page.getByText('Who am I?').waitFor()
  },
)

test.skipIf(!hasBrowser)('one script tag puts the window into any page', async () => {
  await using server = await startTestServer()
  await using browser = await openBrowser()
  const script = await server.request('GET', '/consumer.js', {
    headers: { 'accept-encoding': 'gzip' },
  })
  expect(Number(script.headers['content-length'])).toBeLessThan(40 * 1024)

  await using shop = await serveShop(
    `<script src="${server.url}/consumer.js" data-account="${server.accountId}"></script>`,
  )
  const { page, problems } = await openPage(browser, shop.url)
  await page.getByRole('button', { name: 'Open messages' }).click()
  await page.getByRole('textbox', writing).fill('Is this in stock?')
  await page.keyboard.press('Enter')
  await page.getByText('Is this in stock?').waitFor()
  await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Open messages' }).waitFor()
  expect(problems).toEqual([])
})
