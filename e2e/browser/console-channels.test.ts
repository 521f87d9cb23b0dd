import {
  anotherScene,
  call,
  givenFunction,
  login,
  MAIL_ALL,
  openTestMailServer,
  type Scene,
  startChat,
} from '@parley/server/testing'
import { afterAll, expect, test } from 'vitest'
import { hasBrowser, openPage } from './browser.fixture.ts'
import { WELCOME } from './console-conversations.fixture.ts'
import { check, consoleAt, go, heading, pick, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const smtp = await openTestMailServer()
const served = servedConsole(() => ({ env: { PARLEY_SMTP_URL: smtp.url } }))
afterAll(() => smtp[Symbol.asyncDispose]())

const FIRST = 'First conversation of a consumer'

/** A consumer's own browser, at the page that consumers see. */
async function consumerAt(scene: Scene, query = '') {
  const address = `${scene.url}/consumer/${scene.accountId}${query}`
  const opened = await openPage(served.browser, address)
  return { ...opened, [Symbol.asyncDispose]: () => opened.page.context().close() }
}

test.skipIf(!hasBrowser)(
  'an administrator changes a message, sees it as consumers do, and a consumer gets it; a function is named that says something else',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await go(page, 'Auto messages')
    await heading(page, 'Automatic messages')
    const row = page.getByRole('row').filter({ hasText: FIRST })
    await row.getByText('Welcome! How can we help you?').waitFor()
    await row.getByText('None').waitFor()
    await check(page, 'console-automatic-messages')

    await page.getByRole('button', { name: `Change: ${FIRST}` }).press('Enter')
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Ahoy, what can we do?')
    const preview = page.frameLocator('iframe')
    await preview.getByText('Ahoy, what can we do?').waitFor()
    await check(page, 'console-automatic-message')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText(`${FIRST}: saved.`).waitFor()
    await row.getByText('the account').waitFor()

    await using consumer = await consumerAt(scene)
    await consumer.page.getByRole('textbox', { name: 'Write a message' }).fill('Hello')
    await consumer.page.keyboard.press('Enter')
    await consumer.page.getByText('Ahoy, what can we do?').waitFor()

    // In another language there is another text, and it can be none at all.
    await page.getByRole('textbox', { name: 'Another language' }).fill('de_at')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('language=de-AT')
    await page.getByRole('button', { name: `Change: ${FIRST}` }).press('Enter')
    await page.getByRole('button', { name: /Send it$/ }).press('Enter')
    await pick(page, { name: 'No', exact: true })
    await page.getByText('Nothing is sent').waitFor()
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await row.getByText('Not sent', { exact: true }).waitFor()

    // What somebody deploys meanwhile is there by itself.
    await givenFunction(scene, WELCOME, `callback(null, { type: 'systemMessage', text: 'Aye' })`)
    await row.getByRole('link').waitFor()
    expect(consumer.problems).toEqual([])
  },
)

test.skipIf(!hasBrowser)(
  'an administrator changes the look, sees it before it counts, and consumers see it after; sites that are not named see nothing',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await go(page, 'Page look')
    await heading(page, 'Consumer page')
    const preview = page.frameLocator('iframe')
    await preview.getByRole('heading', { name: 'Messages' }).waitFor()
    await page.getByLabel('Colour on light pages', { exact: true }).fill('#ffe08a')
    await page.getByText('Hardly stands out from the page').waitFor()
    await page.getByLabel('Colour on light pages', { exact: true }).fill('#7a1fa2')
    await page.getByText('Hardly stands out from the page').waitFor({ state: 'detached' })
    await page.getByLabel('Title').first().fill('Garden help')
    await page.getByLabel('When an answer may be expected').first().fill('Within five minutes')
    await preview.getByRole('heading', { name: 'Garden help' }).waitFor()
    await preview.getByText('Within five minutes').waitFor()
    await page.getByText('With messages').click()
    await preview.getByText('where is my parcel').waitFor()
    await page.waitForURL(/talk=true/)
    await check(page, 'console-consumer-page')

    await using before = await consumerAt(scene)
    await before.page.getByRole('heading', { name: 'Messages' }).waitFor()
    await page.getByText('Send files').click()
    await page.getByLabel('Sites that may embed the page').fill('shop example')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('alert').getByText('must be a site').first().waitFor()
    await page
      .getByRole('alert')
      .getByText('body.consumerPage.allowedSites.0', { exact: true })
      .waitFor()
    await page.getByLabel('Sites that may embed the page').fill('https://Shop.example/cart')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Saved.').waitFor()
    await expect
      .poll(() => page.getByLabel('Sites that may embed the page').inputValue())
      .toBe('https://shop.example')

    await using after = await consumerAt(scene)
    await after.page.getByRole('heading', { name: 'Garden help' }).waitFor()
    await after.page.getByText('Within five minutes').waitFor()
    expect(await after.page.getByRole('button', { name: 'Attach files' }).count()).toBe(0)
    const asked = (origin: string) =>
      scene.request('GET', `/api/v1/accounts/${scene.accountId}/consumer/page`, {
        headers: { origin },
      })
    expect((await asked('https://shop.example')).status).toBe(200)
    expect((await asked('https://elsewhere.example')).status).toBe(403)
  },
)

/** A chat that has ended and was rated: its transcript is a mail. */
async function givenMail(scene: Scene): Promise<void> {
  const chats = `/api/v1/accounts/${scene.accountId}`
  const agent = await login(scene, scene.agents[0]!)
  const chat = await startChat(scene, {
    skillId: scene.skillIds[0],
    name: 'Grace',
    text: 'My parcel is late',
  })
  const { bearer } = agent
  await scene.request('POST', `${chats}/chats/${chat.chatId}/accept`, { bearer })
  await chat.end()
  const rated = await scene.request('POST', `${chats}/consumer/chats/${chat.chatId}/survey`, {
    bearer: chat.token,
    body: { csatRank: 2 },
  })
  expect(rated.status).toBeLessThan(300)
}

test.skipIf(!hasBrowser)(
  'a held mail is looked at as HTML, text and headers, sent, and sent again; a rule is made',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'PUT', 'chat-settings', { survey: {} })
    await call(scene, 'PUT', 'transcript-settings', { rules: [MAIL_ALL], holdMails: true })
    await givenMail(scene)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await go(page, 'Chat and mail')
    await heading(page, 'Live chat and mail')
    const row = page.getByRole('row').filter({ hasText: 'Your chat' })
    await row.getByText('Held').waitFor()
    await check(page, 'console-mail')

    await row.getByRole('button', { name: 'Open: Your chat' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.frameLocator('iframe').getByText('My parcel is late').waitFor()
    expect(await dialog.locator('iframe').getAttribute('sandbox')).toBe('')
    await check(page, 'console-one-mail')
    const show = async (part: string) => {
      await dialog.getByRole('button', { name: /Show$/ }).press('Enter')
      await pick(page, { name: part })
    }
    await show('As text')
    await dialog.getByText('My parcel is late').waitFor()
    await show('Headers')
    await dialog.getByText('Message-ID').waitFor()
    await dialog.getByRole('button', { name: 'Send now' }).press('Enter')
    await dialog.getByText('It is sent now.').waitFor()
    await expect.poll(() => smtp.mails.length).toBe(1)
    await dialog.getByText('Sent', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: 'Send again' }).press('Enter')
    await expect.poll(() => smtp.mails.length).toBe(2)
    await show('Attempts')
    await expect.poll(() => dialog.getByRole('row').count()).toBe(3)
    await pressInDialog(page, 'Escape')
    await row.getByText('Sent', { exact: true }).waitFor()

    await page.getByRole('button', { name: /Show$/ }).press('Enter')
    await pick(page, { name: 'Transcripts' })
    await page.getByRole('button', { name: 'New rule' }).press('Enter')
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('unhappy')
    await dialog.getByLabel('To', { exact: true }).fill('lead@example.com')
    await dialog.getByLabel('Subject').fill('An unhappy chat')
    await dialog.getByLabel('Address of the sender').fill('noreply@example.com')
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('row').filter({ hasText: 'lead@example.com' }).waitFor()
    await check(page, 'console-transcripts')
    await page.getByRole('button', { name: /Show$/ }).press('Enter')
    await pick(page, { name: 'Live chat' })
    await page.getByRole('button', { name: 'Add a question' }).press('Enter')
    await page.getByRole('textbox', { name: 'Question', exact: true }).fill('Why?')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('A chat gets the survey').waitFor()
    const kept = await call<{ survey: { questions: object[] } }>(scene, 'GET', 'chat-settings')
    expect(kept.survey.questions).toMatchObject([{ kind: 'text', text: 'Why?' }])
    await check(page, 'console-chat-settings')
  },
)

test.skipIf(!hasBrowser)(
  'a limit out of its bounds is refused with field and rule, and one within them counts; what is kept how long is listed',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await go(page, 'Limits')
    await heading(page, 'Limits and retention')
    const entries = page.getByRole('textbox', { name: 'Log entries of a run' })
    await expect.poll(() => entries.inputValue()).toBe('10')
    await entries.fill('5000')
    await check(page, 'console-limits')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('alert').getByText('body.limits.logEntries').waitFor()
    await page.getByRole('alert').getByText('1000').first().waitFor()
    await entries.fill('20')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Saved.').waitFor()
    await page.getByRole('button', { name: 'Reset: Log entries of a run' }).waitFor()
    const { limits } = await call<{ limits: object }>(scene, 'GET', 'settings')
    expect(limits).toMatchObject({ logEntries: 20 })

    await page.getByRole('button', { name: /Show$/ }).press('Enter')
    await pick(page, { name: 'Retention' })
    await page.getByRole('checkbox', { name: /^For ever: Closed/ }).press('Space')
    await page.getByRole('textbox', { name: /^Closed conversations/ }).fill('90')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Saved.').waitFor()
    await page.reload()
    const kept = page.getByRole('table', { name: 'Everything that is stored' })
    await kept.getByRole('row').filter({ hasText: 'kept_mail' }).getByText('90 days').waitFor()
    await check(page, 'console-retention')
  },
)

test.skipIf(!hasBrowser)(
  'who may not change settings sees them as they are, and the API refuses the change',
  async () => {
    const scene = await anotherScene(served.server)
    const [agent] = scene.agents
    if (!agent) throw new Error('The account has no agent')
    await using opened = await consoleAt(served.browser, scene, '/consumer-page', { user: agent })
    const { page } = opened
    await page.getByText('You may look at this, but not change it.').waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    await expect.poll(() => page.getByLabel('Title').first().isDisabled()).toBe(true)
    await go(page, 'Auto messages')
    await page.getByRole('row').filter({ hasText: FIRST }).waitFor()
    expect(await page.getByRole('button', { name: /^Change/ }).count()).toBe(0)
    await go(page, 'Limits')
    await page.getByRole('row').filter({ hasText: 'limits.logEntries' }).waitFor()
    expect(await page.getByRole('main').getByRole('textbox').count()).toBe(0)

    const { bearer } = await login(scene, agent)
    const base = `/api/v1/accounts/${scene.accountId}`
    const refused = [
      await scene.request('PATCH', `${base}/settings`, {
        bearer,
        body: { limits: { logEntries: 20 } },
      }),
      await scene.request('PUT', `${base}/automatic-messages/BACK_TO_QUEUE`, {
        bearer,
        body: { text: 'x' },
      }),
      await scene.request('POST', `${base}/mails/send`, { bearer, body: { state: 'held' } }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403])
  },
)
