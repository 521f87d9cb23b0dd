import { login } from '@parley/client'
import {
  anotherScene,
  call,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
} from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, go, heading, pressInDialog } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

const TOLD = `function lambda(input, callback) { callback(null, 'ok') }`
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test.skipIf(!hasBrowser)(
  'an administrator builds a survey with a branch from nothing, answers its preview, and gives it a skill',
  async () => {
    const scene = await anotherScene(served.server)
    const [sales = '', support = ''] = scene.skillIds
    const [start, end] = ['started', 'ended'].map((when) => `surveybot_messaging_survey_${when}`)
    const { create, deployed } = lambdasOf(scene)
    await deployed(TOLD, { name: 'tell_crm', eventId: end, skills: [sales] })
    await create(TOLD, { name: 'not_yet', eventId: end })
    await deployed(TOLD, { name: 'of_others', eventId: start, skills: [support] })
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const keyboard = keyboardOf(page)
    await go(page, 'Surveys')
    await heading(page, 'Surveys')
    await page.getByText('There are no surveys yet.').waitFor()
    await check(page, 'console-surveys-empty')
    await keyboard.press(button(page, 'New survey'))
    await heading(page, 'New survey')
    await keyboard.press(button(page, 'Create'))
    await page.getByText('1 field is invalid.').waitFor()

    await keyboard.write(page.getByRole('textbox', { name: 'Name' }), 'After service')
    await keyboard.write(page.getByRole('textbox', { name: 'Closing message' }), 'Thanks!')
    await keyboard.press(button(page, 'Add a question'))
    // A question without words is named at its field.
    const second = page.getByRole('group', { name: 'Question 2' })
    await second.getByText('must not be empty').waitFor()
    await keyboard.write(second.getByRole('textbox', { name: 'Question' }), 'What went wrong?')
    const first = page.getByRole('group', { name: 'Question 1' })
    await keyboard.press(first.getByRole('button', { name: 'Add a branch' }))
    await keyboard.press(first.getByRole('checkbox', { name: '5' }), 'Space')
    await check(page, 'console-survey')

    // Who is happy is thanked, everybody else is asked why.
    const talk = page.getByRole('log', { name: 'Preview' })
    await keyboard.press(talk.getByRole('button', { name: '5' }))
    await talk.getByText('Thanks!').waitFor()
    await page.getByText('The survey has ended').waitFor()
    await keyboard.press(button(page, 'Start again'))
    await page.getByText('Asks “csat”').waitFor()
    await keyboard.write(page.getByRole('textbox', { name: 'Say something' }), '2')
    await keyboard.key('Enter')
    await talk.getByText('What went wrong?').waitFor()
    await keyboard.press(button(page, 'Create'))
    await heading(page, 'After service')

    await keyboard.press(page.getByRole('checkbox', { name: 'Sales' }), 'Space')
    await keyboard.press(button(page, 'Save skills'))
    await page.getByText('The skills are saved.').waitFor()
    await keyboard.write(page.getByRole('textbox', { name: 'Closing message' }), 'Thank you!')
    await keyboard.press(button(page, 'Save'))
    await page.getByText(/Revision 2 is saved/).waitFor()
    const parts = page.getByRole('navigation', { name: 'Parts of this page' })
    await keyboard.press(parts.getByRole('button', { name: 'Revisions' }))
    await page.getByRole('table', { name: 'Questions' }).getByText('5 → the end').waitFor()
    await check(page, 'console-survey-revisions')
    await keyboard.press(parts.getByRole('button', { name: 'Results' }))
    await page.getByText('No survey was sent in this time.').waitFor()
    const { surveys } = await call<{ surveys: { skillIds: string[] }[] }>(scene, 'GET', 'surveys')
    expect(surveys).toMatchObject([{ name: 'After service', revision: 2 }])
    expect(surveys[0]?.skillIds).toHaveLength(1)

    // What is told of it, and the way there.
    await keyboard.press(parts.getByRole('button', { name: 'Questions' }))
    const functions = page.getByRole('table', { name: 'Functions of its events' })
    const atStart = functions.getByRole('row', { name: /first question/ })
    await atStart.getByText('None', { exact: true }).waitFor()
    const atEnd = functions.getByRole('row', { name: /It has ended/ })
    await atEnd.getByText('Productive').waitFor()
    await atEnd.getByRole('link', { name: 'not_yet' }).waitFor()
    await check(page, 'console-survey-functions')
    await keyboard.press(atStart.getByRole('link', { name: 'New function' }))
    await page.getByText('Messaging Survey Started').first().waitFor()
    await page.goBack()
    await keyboard.press(atEnd.getByRole('link', { name: 'tell_crm' }))
    await heading(page, 'tell_crm')
  },
)

test.skipIf(!hasBrowser)(
  'an administrator makes a key that is shown once, an application and an issuer, and ends the key',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/access?show=keys')
    const { page } = opened
    const keyboard = keyboardOf(page)
    await heading(page, 'Access')
    await keyboard.press(button(page, 'New API key'))
    await keyboard.write(page.getByRole('textbox', { name: 'Name' }), 'Nightly report')
    await keyboard.press(button(page, 'Create'))
    const shown = page.getByRole('alertdialog')
    await shown.getByText('This is shown this once.').waitFor()
    const secrets = await shown.locator('code').allTextContents()
    expect(secrets).toHaveLength(4)
    // It does not go by accident.
    await pressInDialog(page, 'Escape')
    expect(await shown.count()).toBe(1)
    await check(page, 'console-access-once')
    await keyboard.press(button(page, 'I have kept it'))
    await shown.waitFor({ state: 'detached' })
    await page.getByRole('rowheader', { name: /Nightly report/ }).waitFor()
    const [appKey = '', ...rest] = secrets
    await page.getByText(appKey).waitFor()
    for (const secret of [rest[0], rest[2]]) {
      expect(await page.getByText(secret ?? '').count()).toBe(0)
    }
    await check(page, 'console-access-keys')
    await keyboard.press(button(page, 'End Nightly report'))
    await keyboard.press(page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }))
    await page.getByRole('rowheader', { name: /Nightly report/ }).waitFor({ state: 'detached' })

    const parts = page.getByRole('navigation', { name: 'Parts of this page' })
    await keyboard.press(parts.getByRole('button', { name: 'Applications' }))
    await keyboard.press(button(page, 'New application'))
    await keyboard.write(page.getByRole('textbox', { name: 'Name' }), 'Shop')
    await keyboard.press(page.getByRole('checkbox', { name: 'The consent of a user' }), 'Space')
    await keyboard.write(page.getByRole('textbox', { name: 'Redirect addresses' }), 'ftp://shop')
    await keyboard.press(button(page, 'Create'))
    await page.getByText(/must be an https address, or an http address/).waitFor()
    await keyboard.write(
      page.getByRole('textbox', { name: 'Redirect addresses' }),
      'https://shop.example/back',
    )
    await keyboard.press(button(page, 'Create'))
    await keyboard.press(button(page, 'I have kept it'))
    await page.getByRole('rowheader', { name: /Shop/ }).waitFor()
    await check(page, 'console-access')
    await keyboard.press(parts.getByRole('button', { name: 'Issuers' }))
    await keyboard.press(button(page, 'Trust an issuer'))
    await keyboard.write(page.getByRole('textbox', { name: 'Issuer' }), 'https://id.example')
    await keyboard.write(page.getByRole('textbox', { name: 'Public keys' }), 'no key')
    await keyboard.press(button(page, 'Trust'))
    await page
      .getByRole('alert')
      .getByText(/must be a public key/)
      .waitFor()
  },
)

test.skipIf(!hasBrowser)('who may not administer is led to no keys, and refused', async () => {
  const scene = await anotherScene(served.server)
  const agent = scene.agents[0]!
  await using opened = await consoleAt(served.browser, scene, '/access', { user: agent })
  const { page } = opened
  await page.getByText('Your role may not see this.').waitFor()
  expect(await page.getByRole('navigation', { name: 'Pages' }).getByText('Access').count()).toBe(0)
  const { bearer } = await login(scene, agent)
  const native = `/api/v1/accounts/${scene.accountId}`
  const refused = await Promise.all(
    [
      ['GET', 'api-keys'],
      ['POST', 'connectors'],
      ['POST', 'surveys'],
      ['POST', 'survey-preview'],
    ].map(([method = '', path = '']) =>
      scene.request(method, `${native}/${path}`, {
        bearer,
        ...(method === 'POST' && { body: {} }),
      }),
    ),
  )
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403])
})

test.skipIf(!hasBrowser)(
  'a branch follows a choice that is renamed, and a language that is taken away is not spoken any more',
  async () => {
    const scene = await anotherScene(served.server)
    const answers = [
      { id: 'good', text: { en: 'Good', de: 'Gut' } },
      { id: 'bad', text: { en: 'Bad', de: 'Schlecht' } },
    ]
    const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
      name: 'After service',
      fallback: 'Choose one, please',
      questions: [
        {
          id: 'how',
          kind: 'single-choice',
          text: { en: 'How was it?', de: 'Wie war es?' },
          answers,
          branches: [{ answers: ['good'], goTo: 'end' }],
        },
        { id: 'why', kind: 'free-text', text: 'Why?' },
      ],
    })
    await using opened = await consoleAt(served.browser, scene, `/surveys/${surveyId}`)
    const { page } = opened
    const id = page.getByLabel('Id of choice 1')
    await id.fill('great')
    await page.getByRole('textbox', { name: 'Other languages' }).fill('')
    await button(page, 'Save').press('Enter')
    await page.getByText(/Revision 2 is saved/).waitFor()
    const stored = () => call(scene, 'GET', `surveys/${surveyId}`)
    expect(await stored()).toMatchObject({
      definition: {
        questions: [
          {
            text: 'How was it?',
            answers: [
              { id: 'great', text: 'Good' },
              { id: 'bad', text: 'Bad' },
            ],
            branches: [{ answers: ['great'] }],
          },
          { text: 'Why?' },
        ],
      },
    })

    // While two choices have one id, no branch can know which of them was meant.
    await id.fill('bad')
    await id.fill('fine')
    const branch = page.getByRole('group', { name: /^Branch 1/ })
    await branch.getByRole('checkbox', { name: 'great' }).press('Space')
    await branch.getByRole('checkbox', { name: 'Good' }).press('Space')
    await button(page, 'Save').press('Enter')
    await page.getByText(/Revision 3 is saved/).waitFor()
    expect(await stored()).toMatchObject({
      definition: { questions: [{ branches: [{ answers: ['fine'] }] }, {}] },
    })
  },
)

test.skipIf(!hasBrowser)(
  'results of a survey count what is sent while they are looked at',
  async () => {
    const scene = await anotherScene(served.server)
    const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
      name: 'After service',
      fallback: 'Choose one, please',
      questions: [{ id: 'csat', kind: 'CSAT', text: 'How was it?' }],
    })
    await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: ['1001'] })
    await using agent = await openAgentSocket(scene, scene.agents[0]!)
    await agent.goOnline()
    const features = ['AUTO_MESSAGES', 'MULTI_DIALOG', 'QUICK_REPLIES', 'RICH_CONTENT']
    const clientProperties = { appId: 'webAsync', features }
    await using consumer = await openConsumerSocket(scene, { clientProperties })
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await agent.accept(conversationId)
    await using opened = await consoleAt(served.browser, scene, `/surveys/${surveyId}?show=results`)
    const none = opened.page.getByText('No survey was sent in this time.')
    await none.waitFor()
    const dialog = { dialogId: conversationId, state: 'CLOSE' }
    await consumer.request('cm.UpdateConversationField', {
      conversationId,
      conversationField: [{ field: 'DialogChange', type: 'UPDATE', dialog }],
    })
    await none.waitFor({ state: 'detached' })
  },
)
