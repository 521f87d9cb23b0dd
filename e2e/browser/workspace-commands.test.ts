import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, consumerAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

/** An agent in a conversation with a consumer, in an account with two commands. */
async function stage(prepare?: (page: Page) => Promise<unknown>) {
  const scene = await anotherScene(served.server)
  const given = (name: string, description: string, body: string) =>
    lambdasOf(scene).deployed(`async function lambda(input, callback) {\n${body}\n}`, {
      name,
      description,
      eventId: 'conversational_command',
    })
  await given(
    'parcel',
    '[number, language:optional] - Where a parcel is',
    "callback(null, 'Parcel ' + input.payload.arguments[0] + ' is in Leipzig.')",
  )
  await given('refund', 'Gives the money back', "throw new Error('The shop does not answer')")
  await given('silent', 'Fails without a word', "callback(new Error(''))")
  await given('quiet', 'Answers without a word', "callback(null, '')")
  const agent = await workspaceAt(served.browser, scene, scene.agents[0])
  const { page } = agent
  await prepare?.(page)
  await page.getByRole('button', { name: 'Go online' }).press('Enter')
  const consumer = await consumerAt(served.browser, scene, scene.skillIds[0] ?? '')
  await consumer.write('where is my parcel')
  await page.getByRole('button', { name: /^Accept/ }).press('Enter')
  await page.getByRole('log').getByText('where is my parcel').waitFor()
  return { scene, agent, consumer, page, log: page.getByRole('log') }
}

test.skipIf(!hasBrowser)(
  'a slash lists commands; the answer of one is for the agent alone until it is inserted',
  async () => {
    const { agent, consumer, page, log } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.pressSequentially('/')
    await page.getByRole('option', { name: /refund/ }).waitFor()
    await check(page, 'workspace-commands')
    await page.keyboard.press('ArrowDown')
    await page.getByRole('option', { name: /refund/, selected: true }).waitFor()
    await field.pressSequentially('par')
    await page.keyboard.press('Tab')
    expect(await field.inputValue()).toBe('/parcel ')
    await page.getByText('language (optional)').waitFor()
    await field.pressSequentially('00340')
    await page.keyboard.press('Enter')
    await page.getByText('Parcel 00340 is in Leipzig.').waitFor()
    expect(await field.inputValue()).toBe('')
    expect(await log.getByText('Leipzig').count()).toBe(0)
    await check(page, 'workspace-command')
    await page.getByRole('button', { name: 'Insert into the answer' }).press('Enter')
    expect(await field.inputValue()).toBe('Parcel 00340 is in Leipzig.')
    await page.keyboard.press('Enter')
    await consumer.page.getByText('Parcel 00340 is in Leipzig.').waitFor()

    // One that fails says why, and can be changed.
    await field.pressSequentially('/refund')
    await page.keyboard.press('Enter')
    await page.getByText('It failed: The shop does not answer').waitFor()
    await page.getByRole('button', { name: 'Edit the command' }).press('Enter')
    expect(await field.inputValue()).toBe('/refund')
    await field.fill('/silent')
    await page.keyboard.press('Enter')
    await page.getByText('It failed, and does not say why.').waitFor()
    await field.fill('/quiet')
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: '/quiet' }).getByText('Done').waitFor()
    await field.fill('/nothing')
    await page.getByText('There is no such command.').waitFor()
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('/nothing')
    expect(await consumer.page.getByText('/nothing').count()).toBe(0)

    // A blank before the slash slips in easily.
    await field.fill(' /parcel 00341')
    await page.keyboard.press('Enter')
    await page.getByText('Parcel 00341 is in Leipzig.').waitFor()
    expect(await log.getByText('/parcel').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'a command waits for its arguments and its last quote, and is found in any case',
  async () => {
    const { agent, consumer, page } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    const field = page.getByRole('textbox', { name: 'Write a message' })
    const cards = page.getByRole('region', { name: 'Answer of the command' })
    await field.fill('/Parcel')
    await field.press('Enter')
    expect(await field.inputValue()).toBe('/parcel ')
    await field.press('Enter')
    await page.getByText('Still missing: number. Enter again runs it without.').waitFor()
    await field.fill('/Parcel "0034')
    await field.press('Enter')
    await page.getByText('A double quote is not closed. Enter again runs it so.').waitFor()
    await check(page, 'workspace-command-unfinished')
    expect(await cards.count()).toBe(0)
    await field.press('End')
    await field.pressSequentially('0"')
    expect(await page.getByText('A double quote is not closed').count()).toBe(0)
    await field.press('Enter')
    await cards.getByText('Parcel 00340 is in Leipzig.').waitFor()
    // An empty argument is one.
    await field.fill('/parcel ""')
    await field.press('Enter')
    await cards.getByText('Parcel  is in Leipzig.').waitFor()
    // What a function needs only its author knows.
    await field.fill('/parcel ')
    await field.press('Enter')
    await page.getByText('Still missing').waitFor()
    await field.press('Enter')
    await cards.getByText('Parcel undefined is in Leipzig.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a slow command is still answered for who calls another one meanwhile; once the conversation is closed, answers can be copied',
  async () => {
    const { agent, consumer, page } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route('**/agent-commands', async (route) => {
      if (route.request().postData()?.includes('parcel')) await promise
      await route.continue()
    })
    const field = page.getByRole('textbox', { name: 'Write a message' })
    const cards = page.getByRole('region', { name: 'Answer of the command' })
    await field.fill('/parcel 1')
    await field.press('Enter')
    await cards.getByText('Running…').waitFor()
    await field.fill('/refund')
    await field.press('Enter')
    await cards.getByText('It failed: The shop does not answer').waitFor()
    resolve()
    await cards.getByText('Parcel 1 is in Leipzig.').waitFor()
    expect(await cards.count()).toBe(2)
    await check(page, 'workspace-two-commands')

    await act(page, 'e')
    await page.getByRole('heading', { name: 'Close this conversation?' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('This conversation is closed.').waitFor()
    expect(await cards.getByRole('button', { name: /Insert|Edit/ }).count()).toBe(0)
    await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })')
    await cards.getByRole('button', { name: 'Copy' }).press('Enter')
    await cards.getByText(/select the text and copy it/).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a private note is seen by colleagues, never by the consumer',
  async () => {
    const { agent, consumer, page, log } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    const toggle = page.getByRole('button', { name: 'Private note' })
    await toggle.press('Enter')
    await page.getByRole('textbox', { name: 'Write a private note' }).fill('Asks twice')
    // A note that is not finished stays a note.
    await page.reload()
    const note = page.getByRole('textbox', { name: 'Write a private note' })
    await note.waitFor()
    await log.getByText('where is my parcel').waitFor()
    expect(await note.inputValue()).toBe('Asks twice')
    await note.press('Enter')
    await log.getByText('Only for colleagues').waitFor()
    await check(page, 'workspace-note')
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('One moment.')
    await field.press('Enter')
    await consumer.page.getByText('One moment.').waitFor()
    expect(await consumer.page.getByText('Asks twice').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'a canned answer of the skill goes into the field, as soon as an administrator has kept it',
  async () => {
    const { agent, consumer, page, scene } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    const field = page.getByRole('textbox', { name: 'Write a message' })
    const [skillId, otherSkill] = scene.skillIds
    await field.pressSequentially('/h')
    await page.getByText('There is no such command.').waitFor()
    await call(scene, 'PUT', 'canned-answers', {
      answers: [
        { name: 'hours', text: 'We are here from 8 to 18.', skillIds: [skillId] },
        { name: 'hire', text: 'Of another skill', skillIds: [otherSkill] },
      ],
    })
    await page.getByRole('option', { name: /hours/ }).waitFor()
    expect(await page.getByRole('option').count()).toBe(1)
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('We are here from 8 to 18.')
    await page.keyboard.press('Enter')
    await consumer.page.getByText('We are here from 8 to 18.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'while the commands cannot be read, what begins with a slash is not sent to the consumer',
  async () => {
    const failing = '**/agent-commands'
    const { agent, consumer, page } = await stage((opened) =>
      opened.route(failing, (route) => route.fulfill({ status: 500 })),
    )
    await using _agent = agent
    await using _consumer = consumer
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('/parcel 00340')
    await page.getByText('The commands are not known yet.').waitFor()
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('/parcel 00340')
    await page.unroute(failing)
    await page.getByText('language (optional)').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Parcel 00340 is in Leipzig.').waitFor()
    expect(await consumer.page.getByText('/parcel').count()).toBe(0)
  },
)
