import { login } from '@parley/client'
import { anchoredMs, anotherScene, call, lambdasOf, type Scene } from '@parley/server/testing'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { consoleAt, pressInDialog } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, consumerAt, talkAt, visitorAt, workspaceAt } from './workspace.fixture.ts'

const CONVERSATIONS = 10
/** From a key that one of them presses until another one sees what it did. */
const MAX_SEEN_MS = 1_000

const served = servedConsole()

/** An account with a command, and with surveys after conversations and after chats; the first agent has its first skill and room for a day. */
async function preparedScene(): Promise<{ scene: Scene; skillId: string }> {
  const scene = await anotherScene(served.server)
  const [skillId = ''] = scene.skillIds
  await lambdasOf(scene).deployed(
    `async function lambda(input, callback) {
      callback(null, 'Parcel ' + input.payload.arguments[0] + ' is in Leipzig.')
    }`,
    { name: 'parcel', description: '[number] - Where it is', eventId: 'conversational_command' },
  )
  const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
    name: 'After service',
    greeting: 'One question, please',
    thankYou: 'Thanks for answering',
    fallback: 'Please choose one of the answers',
    questions: [{ id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }],
  })
  await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: [skillId] })
  await call(scene, 'PUT', 'chat-settings', { survey: {} })
  const { userId } = await login(scene, scene.agents[0]!)
  await call(scene, 'PATCH', `users/${userId}`, { skillIds: [skillId], maxSlots: 20 })
  return { scene, skillId }
}

/** The conversation of the agent's list whose last message this is. It is clicked: a dialog that has just closed may take the focus from under a key. */
const row = (page: Page, last: string) =>
  page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: last })

/** Says something in the conversation that is open, and resolves after how many milliseconds it is seen there. */
async function say(page: Page, text: string, seen: Locator): Promise<number> {
  const field = page.getByRole('textbox', { name: 'Write a message' })
  await field.fill(text)
  return await anchoredMs(async () => {
    await field.press('Enter')
    await seen.waitFor()
  })
}

test.skipIf(!hasBrowser)(
  'a day of an agent: ten conversations, a command, a transfer, a live chat and two surveys; what one does the others see within a second',
  async () => {
    const { scene, skillId } = await preparedScene()
    await using consumers = await openBrowser()
    await using colleagues = await openBrowser()
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    const log = page.getByRole('log')
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using opened = new AsyncDisposableStack()
    const seen: number[] = []
    const talks: Awaited<ReturnType<typeof consumerAt>>[] = []
    for (let index = 0; index < CONVERSATIONS; index++) {
      const consumer = opened.use(await consumerAt(consumers, scene, skillId))
      talks.push(consumer)
      await consumer.write(`Question no. ${index}.`)
      await page.getByRole('button', { name: /^Accept/ }).press('Enter')
      await log.getByText(`Question no. ${index}.`).waitFor()
      // Else it may come behind the answer, by which the conversation is found in the list.
      await log.getByText('You are now connected to an agent.').waitFor()
      const answer = `Answer no. ${index}.`
      seen.push(await say(page, answer, consumer.page.getByText(answer)))
    }
    await page.getByText(`My conversations (${CONVERSATIONS})`).waitFor()

    // A command, whose answer goes to the consumer of that conversation.
    await row(page, 'Answer no. 3.').click()
    await log.getByText('Question no. 3.').waitFor()
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('/parcel 00340')
    await page.getByText('Enter runs it').waitFor()
    await field.press('Enter')
    await page.getByRole('button', { name: 'Insert into the answer' }).press('Enter')
    await field.press('Enter')
    await talks[3]!.page.getByText('Parcel 00340 is in Leipzig.').waitFor()

    // A transfer to a colleague, who sees all of it.
    await using other = await workspaceAt(colleagues, scene, scene.agents[1]!)
    const { page: colleague } = other
    await colleague.getByRole('button', { name: 'Go online' }).press('Enter')
    await row(page, 'Answer no. 4.').click()
    await log.getByText('Question no. 4.').waitFor()
    await act(page, 't')
    await page.getByRole('heading', { name: 'Transfer this conversation' }).waitFor()
    const ring = colleague.getByRole('button', { name: /^Accept/ })
    seen.push(
      await anchoredMs(async () => {
        await pressInDialog(page, 'Enter')
        await ring.waitFor()
      }),
    )
    await page.getByText(`My conversations (${CONVERSATIONS - 1})`).waitFor()
    await ring.press('Enter')
    await colleague.getByRole('log').getByText('Answer no. 4.').waitFor()
    const theirs = 'I am from support.'
    seen.push(await say(colleague, theirs, talks[4]!.page.getByText(theirs)))

    // A live chat beside them, and the survey after it.
    await using visitor = await visitorAt(consumers, scene, skillId, {
      name: 'Grace',
      text: 'Quickly, please',
    })
    await page.getByRole('button', { name: 'Accept Grace' }).press('Enter')
    await log.getByText('Quickly, please').waitFor()
    seen.push(await say(page, 'Hello Grace.', visitor.page.getByText('Hello Grace.')))
    await act(page, 'e')
    await page.getByRole('heading', { name: 'End this chat?' }).waitFor()
    await pressInDialog(page, 'Enter')
    await visitor.page.getByRole('radio', { name: '5' }).check()
    await visitor.page.getByRole('button', { name: 'Send answers' }).click()
    await page.getByText('Satisfaction: 5 of 5').waitFor()

    // The day ends: everything is closed, and a consumer answers the survey.
    for (let index = 0; index < CONVERSATIONS; index++) {
      if (index === 4) continue
      await row(page, index === 3 ? 'Parcel 00340' : `Answer no. ${index}.`).click()
      await log.getByText(`Question no. ${index}.`).waitFor()
      await act(page, 'e')
      await page.getByRole('heading', { name: 'Close this conversation?' }).waitFor()
      await pressInDialog(page, 'Enter')
      await page.getByText('This conversation is closed.').waitFor()
    }
    await page.getByText('You have no conversation.').waitFor()
    const { page: first } = talks[0]!
    await first.getByText('How satisfied are you?').waitFor()
    await first.getByRole('group', { name: 'Quick replies' }).getByRole('button').last().click()
    await first.getByText('Thanks for answering').waitFor()
    await row(page, 'Thanks for answering').click()
    await log.getByText('Survey').first().waitFor()
    await page.getByText('csat', { exact: true }).waitFor()

    const [quickest = 0, median = 0, slowest = 0] = [0, 0.5, 1].map(
      (share) => seen.toSorted((a, b) => a - b)[Math.floor(share * (seen.length - 1))],
    )
    console.info(
      `What one does the other sees after ${[quickest, median, slowest].map(Math.round).join(', ')} ms (least, median, most)`,
    )
    expect(median).toBeLessThanOrEqual(MAX_SEEN_MS)
  },
)

test.skipIf(!hasBrowser)(
  'a supervisor finds a stuck conversation and takes it: its agent and its consumer see it',
  async () => {
    const scene = await anotherScene(served.server)
    await using supervisors = await openBrowser()
    await using talk = await talkAt(served.browser, scene, 'is anybody there')
    await talk.field.fill('One mom')
    await using opened = await consoleAt(supervisors, scene, '/board?which=open')
    const { page } = opened
    const keyboard = keyboardOf(page)
    await keyboard.press(page.getByRole('button', { name: /^Step in/ }))
    await keyboard.press(page.getByRole('button', { name: 'Take it over', exact: true }))
    await talk.page.getByText('This conversation is no longer with you.').waitFor()
    expect(await talk.field.inputValue()).toBe('One mom')
    await page.goto(`${scene.url}/workspace/${scene.accountId}`)
    await page.locator('.talk-row').press('Enter')
    await page.getByRole('log').getByText('is anybody there').waitFor()
    await say(page, 'I am here.', talk.consumer.page.getByText('I am here.'))
  },
)
