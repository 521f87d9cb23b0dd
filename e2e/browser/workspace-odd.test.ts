import {
  anotherScene,
  call,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
} from '@parley/server/testing'
import type { Request } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, signIn, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, consumerAt, talkAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

/** An agent in a conversation with a consumer. */
async function stage() {
  const scene = await anotherScene(served.server)
  return { scene, ...(await talkAt(served.browser, scene)) }
}

test.skipIf(!hasBrowser)(
  'what was read is read after a reload, what was not is not; a page needs one event stream',
  async () => {
    const { scene, agent, consumer, page } = await stage()
    await using _agent = agent
    await using _consumer = consumer
    await using other = await consumerAt(served.browser, scene, scene.skillIds[0] ?? '')
    await other.write('the second one')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await page.getByRole('log').getByText('the second one').waitFor()
    await expect.poll(async () => (await other.page.getByText(/^Read/).count()) > 0).toBe(true)
    const rows = page.getByRole('navigation').locator('.talk-row')
    const unread = page.getByRole('img', { name: 'New message' })
    const reloaded = async () => {
      const streams: string[] = []
      const note = (request: Request) => {
        if (/\/(updates|[\w-]*events)(\?|$)/.test(request.url())) streams.push(request.url())
      }
      page.on('request', note)
      await page.reload()
      await rows.nth(1).waitFor()
      await expect.poll(() => streams.length).toBe(1)
      page.off('request', note)
    }
    await reloaded()
    expect(await unread.count()).toBe(0)
    await consumer.write('still there?')
    await rows.filter({ hasText: 'still there?' }).filter({ has: unread }).waitFor()
    await reloaded()
    await rows.filter({ hasText: 'still there?' }).filter({ has: unread }).waitFor()
    expect(await unread.count()).toBe(1)
  },
)

test.skipIf(!hasBrowser)(
  'an offer shows the first words though they come after it, and the list what people said, not what was said automatically',
  async () => {
    const scene = await anotherScene(served.server)
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation({ skillId: scene.skillIds[0] ?? '' })
    const accept = page.getByRole('button', { name: /^Accept/ })
    await accept.waitFor()
    const offer = page.getByRole('listitem').filter({ has: accept })
    expect(await offer.locator('.talk-last').textContent()).toBe('')
    await consumer.say(conversationId, 'the lamp hums')
    await offer.getByText('the lamp hums').waitFor()

    await accept.press('Enter')
    const log = page.getByRole('log')
    await log.getByText('You are now connected to an agent.').waitFor()
    await page.goto(`${scene.url}/workspace/${scene.accountId}`)
    await page.locator('.talk-row').getByText('the lamp hums').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a status that is chosen while there is no connection counts as soon as there is one',
  async () => {
    const scene = await anotherScene(served.server)
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!, { isCut: true })
    const { page } = agent
    await agent.cut()
    await page.getByText(/^The connection is lost/).waitFor()
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await page.getByText('You have no conversation.').waitFor()
    await using consumer = await consumerAt(served.browser, scene, scene.skillIds[0] ?? '')
    await consumer.write('is anybody there')
    await agent.restore()
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await page.getByRole('log').getByText('is anybody there').waitFor()
  },
)

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

test.skipIf(!hasBrowser)(
  'a command that hangs holds nothing up: the field stays free, and the card says at last that it failed',
  async () => {
    const scene = await anotherScene(served.server)
    await lambdasOf(scene).deployed(
      'async function lambda() { await new Promise(() => setInterval(() => 1, 100)) }',
      {
        name: 'hang',
        eventId: 'conversational_command',
      },
    )
    await using talk = await talkAt(served.browser, scene)
    const { page, field, consumer } = talk
    await field.fill('/hang')
    await page.getByRole('option', { name: /hang/ }).waitFor()
    await field.press('Enter')
    await page.getByText('Running…').waitFor()
    await field.fill('One moment, please.')
    await field.press('Enter')
    await consumer.page.getByText('One moment, please.').waitFor()
    await field.fill('half a sentence')
    await page.getByText('It failed: Lambda Execution is taking too long').waitFor()
    expect(await field.inputValue()).toBe('half a sentence')
  },
)

test.skipIf(!hasBrowser)(
  'a conversation that is transferred while something is typed keeps what was typed',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    const { page, field } = talk
    await field.fill('I was about to say')
    await act(page, 't')
    await page.getByRole('heading', { name: 'Transfer this conversation' }).waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText('Over (1)').waitFor()
    await page.getByRole('navigation').locator('.talk-row').press('Enter')
    await page.getByText('This conversation is no longer with you.').waitFor()
    expect(await field.inputValue()).toBe('I was about to say')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await page.getByText('This conversation is no longer with you.').waitFor({ state: 'detached' })
    expect(await field.inputValue()).toBe('I was about to say')
    await field.press('Enter')
    await talk.consumer.page.getByText('I was about to say').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'where the clock of the browser is an hour ahead, times left and due are those of the server',
  async () => {
    const scene = await anotherScene(served.server)
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    await page.addInitScript('const { now } = Date; Date.now = () => now() + 3_600_000')
    await page.reload()
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using consumer = await consumerAt(served.browser, scene, scene.skillIds[0] ?? '')
    await consumer.write('what time is it')
    const left = await page.getByText(/\d+ s left/).textContent()
    expect(Number.parseInt(left ?? '', 10)).toBeGreaterThan(0)
    // 72 s of the server, whose time the page knows to a second or two.
    expect(Number.parseInt(left ?? '', 10)).toBeLessThanOrEqual(75)
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    const log = page.getByRole('log')
    await log.getByText('what time is it').waitFor()
    expect(await page.getByText('Answer is late').count()).toBe(0)
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('Noon.')
    await field.press('Enter')
    await consumer.page.getByText('Noon.').waitFor()
    await consumer.write('thanks')
    await log.getByText('thanks').waitFor()
    const said = log.locator('.message.consumer .bubble, .message.own .bubble')
    expect(await said.allTextContents()).toEqual(['what time is it', 'Noon.', 'thanks'])
  },
)

test.skipIf(!hasBrowser)('times that are told in minutes go on while nothing happens', async () => {
  const scene = await anotherScene(served.server)
  await using talk = await talkAt(served.browser, scene)
  const { page } = talk
  await page.clock.install()
  await page.reload()
  const due = page.getByText(/Answer due in \d+ minutes/)
  const minutes = async () => Number(/\d+/.exec((await due.textContent()) ?? '')?.[0])
  const before = await minutes()
  const began = page.getByRole('region', { name: 'Consumer' }).getByText(/minutes? ago$/)
  expect(await began.count()).toBe(0)
  await page.clock.fastForward('20:00')
  await began.waitFor()
  await expect.poll(minutes).toBeLessThanOrEqual(before - 19)
})

test.skipIf(!hasBrowser)(
  '200 messages in a row come all, the page draws the newest of them, and earlier ones without leaving the place of the reader',
  async () => {
    const scene = await anotherScene(served.server)
    // A quick machine would write more than a consumer may.
    await call(scene, 'PATCH', 'settings', { messaging: { requestsPerSecond: 1000 } })
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation({ skillId: scene.skillIds[0] })
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    const log = page.getByRole('log')
    await log.waitFor()
    for (let line = 1; line <= 200; line += 1) await consumer.say(conversationId, `line ${line}.`)
    await log.getByText('line 200.').waitFor()
    expect(await log.locator('.message').count()).toBeLessThanOrEqual(150)
    const earlier = log.getByRole('button', { name: 'Earlier messages' })
    await earlier.scrollIntoViewIfNeeded()
    const place = async () => (await log.getByText('line 60.', { exact: true }).boundingBox())?.y
    const before = await place()
    await earlier.press('Enter')
    await log.getByText('line 1.', { exact: true }).waitFor()
    expect(Math.abs(((await place()) ?? 0) - (before ?? 0))).toBeLessThan(2)
    expect(await log.evaluate((box) => box === document.activeElement)).toBe(true)
    const texts = await log.locator('.message.consumer .bubble').allTextContents()
    expect(texts).toEqual(Array.from({ length: 200 }, (_, index) => `line ${index + 1}.`))
  },
)
