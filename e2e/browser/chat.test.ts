import { liveChatAccount, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { expect, test } from 'vitest'
import { axeFindings } from './axe.fixture.ts'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'

interface Listed {
  chats: { chatId: string; csatRank?: number; questionWithAnswers?: object[] }[]
}

test.skipIf(!hasBrowser)(
  'a consumer chats in the page, rates the chat, and goes on after a reload',
  async () => {
    await using server = await startTestServer()
    const { accountId, john, careSkillId, setChat } = await liveChatAccount(server)
    await setChat({
      survey: {
        questions: [
          {
            questionId: 'how',
            kind: 'multiple',
            text: 'How was the chat experience?',
            options: ['Poor', 'Below Average', 'Good'],
          },
        ],
      },
    })
    await using browser = await openBrowser()
    const { page, problems } = await openPage(
      browser,
      `${server.url}/consumer/${accountId}?channel=chat&skill=${careSkillId}&language=en-GB&campaign=2327699812`,
    )

    await page.getByLabel('Your name').fill('Ada')
    await page.getByLabel('How can we help?').fill('My parcel is late')
    await page.getByRole('button', { name: 'Start chat' }).click()
    await page.getByText('Waiting for an agent…').waitFor()
    const { chats } = (await john('GET', '/chats')).json<Listed>()
    const chatId = chats[0]?.chatId ?? ''
    expect(chats[0]).toMatchObject({
      campaignInfo: { campaignId: '2327699812' },
      context: {
        type: 'SharkContext',
        lang: 'en-GB',
        visitorId: expect.stringMatching(/^[0-9a-f]{32}$/),
        sessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
        interactionContextId: '1',
        clientProperties: { appId: 'parley-consumer', browser: 'CHROME', os: 'LINUX' },
      },
    })
    await john('POST', `/chats/${chatId}/accept`)
    await john('POST', `/chats/${chatId}/lines`, { text: 'Let me look' })
    await page.getByText('Let me look').waitFor()

    await page.reload()
    await page.getByText('Let me look').waitFor()
    await page.getByRole('textbox', { name: 'Write a message' }).fill('Thank you')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    expect(await axeFindings(page)).toEqual([])

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'End chat' }).click()
    await page.getByRole('button', { name: 'Yes, end it' }).click()
    await page.getByRole('radio', { name: '3' }).check()
    await page.getByRole('checkbox', { name: 'Poor' }).check()
    await page.getByRole('checkbox', { name: 'Below Average' }).check()
    await page.getByRole('button', { name: 'Send answers' }).click()
    await page.getByText('Thank you for your answers.').waitFor()
    const ended = (await john('GET', '/chats?stage=ended')).json<Listed>()
    expect(ended.chats[0]).toMatchObject({
      csatRank: 3,
      questionWithAnswers: [
        { question: 'How was the chat experience?', answer: 'Poor;Below Average' },
        { question: 'How satisfied were you with this chat?', answer: '3' },
      ],
    })
    expect(problems).toEqual([])
  },
)

/** A chat of the page, started when the connection is back, which John has accepted. */
async function acceptedChat(server: TestServer, browser: Browser, settings: object = {}) {
  const { accountId, john, careSkillId, setChat } = await liveChatAccount(server)
  await setChat(settings)
  const { page } = await openPage(
    browser,
    `${server.url}/consumer/${accountId}?channel=chat&skill=${careSkillId}&language=en-GB`,
  )
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('How can we help?').fill('My parcel is late')
  const start = page.getByRole('button', { name: 'Start chat' })
  await page.context().setOffline(true)
  await start.click()
  await page.getByText('There is no connection. Try again in a moment.').waitFor()
  await page.context().setOffline(false)
  await start.click()
  await page.getByText('Waiting for an agent…').waitFor()
  const { chats } = (await john('GET', '/chats')).json<Listed>()
  const chatId = chats[0]?.chatId ?? ''
  await john('POST', `/chats/${chatId}/accept`)
  return { page, john, accountId, chatId }
}

test.skipIf(!hasBrowser)(
  'a line that the server refuses stays where it was written, with the reason, until it is taken out',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const { page, john, chatId } = await acceptedChat(server, browser)

    const arrived = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    await page.route('**/lines', async (route) => {
      arrived.resolve()
      await ended.promise
      await route.continue()
    })
    await page.getByRole('textbox', { name: 'Write a message' }).fill('One more long question')
    await page.keyboard.press('Enter')
    await arrived.promise
    await john('POST', `/chats/${chatId}/end`)
    await page.getByRole('button', { name: 'Start another chat' }).waitFor()
    ended.resolve()
    const line = page.getByRole('listitem').filter({ hasText: 'One more long question' })
    await line.getByRole('alert').waitFor()
    expect(await line.getByRole('alert').textContent()).not.toBe('')
    await line.getByRole('button', { name: 'Remove' }).press('Enter')
    await line.waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser)(
  'lines that wait to be sent outlive a reload of the page, and are sent once',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const { page, john, chatId } = await acceptedChat(server, browser)

    // The first one arrives and its answer is lost; the second one does not get away.
    await page.route('**/lines', async (route) => {
      if (route.request().postData()?.includes('It is the red one')) await route.fetch()
      await route.abort()
    })
    const field = page.getByRole('textbox', { name: 'Write a message' })
    for (const text of ['It is the red one', 'And it was a present']) {
      await field.fill(text)
      await field.press('Enter')
    }
    await page.getByText('And it was a present').waitFor()
    await page.reload()
    await page.getByRole('listitem').filter({ hasText: 'And it was a present' }).waitFor()
    await page.unroute('**/lines')
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)

    const { entries } = (await john('GET', `/chats/${chatId}`)).json<{
      entries: { text?: string }[]
    }>()
    const texts = entries.flatMap(({ text }) => text ?? [])
    expect(texts.filter((text) => text === 'It is the red one')).toHaveLength(1)
    expect(texts.filter((text) => text === 'And it was a present')).toHaveLength(1)
    await page.reload()
    await page.getByText('And it was a present').waitFor()
    expect(await page.getByText('And it was a present').count()).toBe(1)
  },
)

test.skipIf(!hasBrowser)(
  'a chat goes on after a reload though another tab has left the one before it later',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const { page, john, chatId } = await acceptedChat(server, browser)
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.getByText('My parcel is late').waitFor()
    await john('POST', `/chats/${chatId}/end`)
    const again = { name: 'Start another chat' }
    await other.getByRole('button', again).waitFor()
    await page.getByRole('button', again).click()
    await page.getByLabel('How can we help?').fill('And the next one, too')
    await page.getByRole('button', { name: 'Start chat' }).click()
    await page.getByText('Waiting for an agent…').waitFor()

    await other.getByRole('button', again).click()
    await other.getByLabel('How can we help?').waitFor()
    await page.reload()
    await page.getByText('And the next one, too').waitFor()
  },
)

test.skipIf(!hasBrowser)('a page in German says in German what the server refuses', async () => {
  await using server = await startTestServer()
  const { accountId, careSkillId, setChat } = await liveChatAccount(server)
  await setChat({ enabled: false })
  await using browser = await openBrowser()
  const { page } = await openPage(
    browser,
    `${server.url}/consumer/${accountId}?channel=chat&skill=${careSkillId}&language=de-DE`,
  )
  await page.getByLabel('Wie können wir helfen?').fill('Mein Paket fehlt')
  await page.getByRole('button', { name: 'Chat beginnen' }).click()
  const notice = page.getByRole('alert')
  await notice.waitFor()
  expect(await notice.textContent()).toContain('Das ist hier nicht möglich')
})

test.skipIf(!hasBrowser)(
  'a long chat that has ended is there to its end after a reload',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const { page, john, chatId } = await acceptedChat(server, browser)
    // More than one answer of the server holds.
    for (let line = 1; line <= 500; line += 1) {
      await john('POST', `/chats/${chatId}/lines`, { text: `Answer ${line}.` })
    }
    await john('POST', `/chats/${chatId}/end`)
    await page.getByRole('button', { name: 'Start another chat' }).waitFor()

    await page.reload()

    await page.getByText('Answer 1.', { exact: true }).waitFor()
    await page.getByText('Answer 500.').waitFor()
    await page.getByRole('button', { name: 'Start another chat' }).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a chat goes on in its page once the account, which was suspended, is resumed',
  async () => {
    const bearer = 'the-key-of-the-operator-in-tests-1'
    await using server = await startTestServer({ env: { PARLEY_OPERATOR_KEY: bearer } })
    await using browser = await openBrowser()
    const { page, john, accountId, chatId } = await acceptedChat(server, browser)
    const operate = (method: string) =>
      server.request(method, `/api/v1/operator/accounts/${accountId}/suspension`, {
        bearer,
        ...(method === 'PUT' && { body: {} }),
      })
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor()

    // The stream ends; then the page asks for its chat.
    const refused = page.waitForResponse(
      (answer) => answer.url().endsWith(chatId) && answer.status() === 403,
    )
    expect((await operate('PUT')).status).toBe(200)
    await refused
    expect((await operate('DELETE')).status).toBe(200)
    await john('POST', `/chats/${chatId}/lines`, { text: 'Are you still there?' })

    await page.getByText('Are you still there?').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a survey that cannot be read as its chat ends comes later, and its form is held back until what must be answered is',
  async () => {
    await using server = await startTestServer()
    await using browser = await openBrowser()
    const options = ['Poor', 'Good']
    const how = { questionId: 'how', kind: 'multiple', text: 'How?', options, required: true }
    const { page, john, chatId } = await acceptedChat(server, browser, {
      survey: { csatRequired: false, questions: [how] },
    })
    let sent = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/survey')) sent++
    })
    // The node is killed in the moment in which it has said that the chat has ended.
    await page.route(/\/survey$/, (route) => route.abort(), { times: 1 })
    await john('POST', `/chats/${chatId}/end`)
    const send = page.getByRole('button', { name: 'Send answers' })
    await send.press('Enter')
    const poor = page.getByRole('checkbox', { name: 'Poor' })
    const problem = () =>
      poor.evaluate((box) => 'validationMessage' in box && box.validationMessage)
    expect(await problem()).toBe('Choose at least one.')
    await expect.poll(() => poor.evaluate((box) => box.matches(':focus'))).toBe(true)
    await page.getByRole('checkbox', { name: 'Good' }).check()
    expect(await problem()).toBe('')
    await page.getByRole('checkbox', { name: 'Good' }).uncheck()
    await send.press('Enter')
    expect(await problem()).toBe('Choose at least one.')
    expect(sent).toBe(0)

    await page.getByRole('checkbox', { name: 'Good' }).check()
    await send.press('Enter')
    await page.getByText('Thank you for your answers.').waitFor()
    expect(sent).toBe(1)
  },
)
