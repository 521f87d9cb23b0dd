import { anotherScene, call, lambdasOf, openAgentSocket } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, pick, pressInDialog } from './console.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, consumerAt, talkAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

const SURVEY = {
  name: 'After service',
  greeting: 'One question, please',
  thankYou: 'Thanks for answering',
  fallback: 'Please choose one of the answers',
  questions: [{ id: 'why', kind: 'free-text', text: 'What could be better?' }],
}

test.skipIf(!hasBrowser)(
  'beside the conversation stand what ran in it, its survey, and earlier ones to be read',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'POST', 'surveys', SURVEY)
    await lambdasOf(scene).deployed(
      "async function lambda(input, callback) { callback(null, 'It is in Leipzig.') }",
      { name: 'parcel', eventId: 'conversational_command' },
    )
    await using talk = await talkAt(served.browser, scene, 'where is my parcel')
    const { page, field, consumer } = talk
    const facts = page.getByRole('region', { name: 'Consumer' })
    await facts.getByText('None has run.').waitFor()
    await field.fill('/parcel')
    await page.keyboard.press('Enter')
    await page.getByText('It is in Leipzig.').waitFor()
    const runs = facts.getByRole('list', { name: 'Functions in this conversation' })
    await runs.getByText('parcel').waitFor()
    await runs.getByText('Succeeded').waitFor()
    // Who may not read records learns no more of it.
    expect(await runs.getByRole('link').count()).toBe(0)

    await act(page, 'e')
    await page.getByRole('heading', { name: 'Close this conversation?' }).waitFor()
    await page.getByRole('button', { name: /Survey afterwards/ }).press('Enter')
    await pick(page, { name: 'Send "After service"' })
    await page.getByRole('button', { name: 'Close', exact: true }).press('Enter')
    await consumer.page.getByText('What could be better?').waitFor()
    await consumer.write('Faster parcels')
    await consumer.page.getByText('Thanks for answering').waitFor()
    await facts.getByText('Faster parcels').waitFor()
    await facts.getByText('Completed').waitFor()
    await check(page, 'workspace-survey')

    await consumer.page.getByRole('button', { name: 'Start a new conversation' }).click()
    await consumer.write('one more thing')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await page.getByRole('log').getByText('one more thing').waitFor()
    await facts.getByRole('button', { name: /^Read the conversation of/ }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('where is my parcel').waitFor()
    await dialog.getByText('Faster parcels').waitFor()
    await check(page, 'workspace-earlier')
    await pressInDialog(page, 'Escape')
    await dialog.waitFor({ state: 'detached' })

    await act(page, 'q')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await page.getByRole('log').getByText('one more thing').waitFor()
  },
)

test.skipIf(!hasBrowser)('who may read records goes on to the run', async () => {
  const scene = await anotherScene(served.server)
  await using consumer = await consumerAt(served.browser, scene, scene.skillIds[0] ?? '')
  await lambdasOf(scene).deployed(
    "function lambda(input, callback) { callback(null, { type: 'systemMessage', text: 'Welcome' }) }",
    { name: 'welcome', eventId: 'controllerbot_messaging_new_conversation' },
  )
  await using admin = await workspaceAt(served.browser, scene, scene.admin)
  const { page } = admin
  const { users } = await call<{ users: { userId: string; role: string }[] }>(scene, 'GET', 'users')
  const userId = users.find(({ role }) => role === 'administrator')?.userId
  await call(scene, 'PATCH', `users/${userId}`, { skillIds: scene.skillIds, maxSlots: 5 })
  await page.getByRole('button', { name: 'Go online' }).press('Enter')
  await consumer.write('hello')
  await page.getByRole('button', { name: /^Accept/ }).press('Enter')
  const link = page.getByRole('link', { name: 'welcome: open the run' })
  await link.waitFor()
  expect(await link.getAttribute('href')).toContain(`/console/${scene.accountId}/runs/`)
})

const reply = (title: string) => ({
  type: 'button',
  title,
  click: { actions: [{ type: 'publishText', text: title }] },
})

test.skipIf(!hasBrowser)(
  'cards and quick replies are shown as the consumer sees them, and only links can be followed',
  async () => {
    const scene = await anotherScene(served.server)
    await using consumer = await consumerAt(served.browser, scene, scene.skillIds[0] ?? '')
    await using bot = await openAgentSocket(scene, scene.agents[1]!)
    await bot.goOnline()
    await consumer.write('which plans are there')
    const conversationId = await ringingConversation(bot)
    await bot.accept(conversationId)
    await bot.request('.ams.ms.PublishEvent', {
      dialogId: conversationId,
      event: {
        type: 'RichContentEvent',
        content: {
          type: 'vertical',
          elements: [
            { type: 'text', text: 'Our plans', style: { bold: true } },
            { type: 'image', url: 'https://pictures.example/plan.png', tooltip: 'a plan' },
            reply('Small'),
            {
              type: 'button',
              title: 'Compare',
              click: { actions: [{ type: 'link', uri: 'https://shop.example/plans' }] },
            },
          ],
        },
        quickReplies: { type: 'quickReplies', itemsPerRow: 8, replies: [reply('Neither')] },
      },
    })
    await consumer.page.getByText('Our plans').waitFor()
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    // Else the bot is rung again where the agent is not online yet.
    await bot.goOnline('AWAY')
    await bot.update(conversationId, {
      field: 'ParticipantsChange',
      type: 'REMOVE',
      role: 'ASSIGNED_AGENT',
    })
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    const log = page.getByRole('log')
    await log.getByText('Our plans').waitFor()
    await log.getByRole('list', { name: 'Quick replies' }).getByText('Neither').waitFor()
    expect(await log.getByRole('button').count()).toBe(0)
    const addressOf = (name: string) => log.getByRole('link', { name }).getAttribute('href')
    expect(await addressOf('Compare')).toBe('https://shop.example/plans')
    expect(await addressOf('Picture: a plan')).toBe('https://pictures.example/plan.png')
    await check(page, 'workspace-card')
    await consumer.page.getByRole('button', { name: 'Neither' }).click()
    await log.getByText('Neither', { exact: true }).nth(1).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'emoji go where the caret is; sound, notification and the count in the title are chosen and kept',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    const { page, field, consumer } = talk
    await field.fill('thanks for waiting')
    await field.press('Home')
    await page.getByRole('button', { name: 'Insert an emoji' }).press('Enter')
    await page.getByRole('dialog', { name: 'Insert an emoji' }).waitFor()
    await check(page, 'workspace-emoji')
    // One step to the right, one down: the second of the second row of eight.
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('😮thanks for waiting')
    const fieldHasFocus = () => field.evaluate((one) => one === one.ownerDocument.activeElement)
    await expect.poll(fieldHasFocus).toBe(true)

    await page.addInitScript(`
      window.told = []
      window.Notification = class {
        constructor(text) { told.push(text) }
        static requestPermission = async () => 'granted'
      }
      const { createOscillator } = AudioContext.prototype
      AudioContext.prototype.createOscillator = function () {
        told.push('tone')
        return createOscillator.call(this)
      }
      document.hasFocus = () => false
    `)
    await page.reload()
    await expect.poll(fieldHasFocus).toBe(true)
    const told = () => page.evaluate<string[]>('told')
    const choose = async (name: string) => {
      await page.getByRole('button', { name: 'Alerts' }).press('Enter')
      await page.getByRole('menuitemcheckbox', { name }).press('Enter')
      await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
    }
    await choose('Sound')
    await page.reload()
    await page.getByRole('log').getByText('hello').waitFor()
    // The page is not in front: what is written is new to its agent.
    await page.goto(`${scene.url}/workspace/${scene.accountId}`)
    await page.getByText('My conversations (1)').waitFor()
    await consumer.write('still there?')
    await expect.poll(told).toEqual(['tone', 'tone'])
    await expect.poll(() => page.title()).toBe('(1) Workspace')
    await choose('Notification of the browser')
    await choose('Sound')
    await choose('Count in the title')
    await expect.poll(() => page.title()).toBe('Workspace')
    await consumer.write('hello again')
    await expect.poll(told).toEqual(['tone', 'tone', 'Somebody has written'])
  },
)

test.skipIf(!hasBrowser)(
  'an agent is told of what is written while the workspace still asks who rings',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    const { page, consumer } = talk
    await page.addInitScript(`
      localStorage.setItem('parley.alerts', 'sound')
      window.told = []
      const { createOscillator } = AudioContext.prototype
      AudioContext.prototype.createOscillator = function () {
        told.push('tone')
        return createOscillator.call(this)
      }
      document.hasFocus = () => false
    `)
    const asked = Promise.withResolvers<() => void>()
    await page.routeWebSocket(/ws_api/, (socket) => {
      const to = socket.connectToServer()
      socket.onMessage((frame) => {
        const { type } = JSON.parse(String(frame)) as { type: string }
        if (type.endsWith('SubscribeRoutingTasks')) asked.resolve(() => to.send(frame))
        else to.send(frame)
      })
    })
    await page.goto(`${scene.url}/workspace/${scene.accountId}`)
    const answer = await asked.promise
    await page.getByText('My conversations (1)').waitFor()
    await consumer.write('still there?')
    await page.getByText('still there?').waitFor()
    answer()
    await expect.poll(() => page.evaluate('told')).toEqual(['tone', 'tone'])
  },
)

test.skipIf(!hasBrowser)(
  'an administrator edits canned answers beside the conversations; agents have them at once and edit none',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    await using admin = await workspaceAt(served.browser, scene, scene.admin)
    const { page } = admin
    expect(await talk.page.getByRole('button', { name: 'Canned answers' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Canned answers' }).press('Enter')
    await page.getByText('There is none yet.').waitFor()
    await page.getByRole('button', { name: 'New answer' }).press('Enter')
    await page.getByLabel('Name').fill('hours')
    await page.getByLabel('Text').fill('We are here from 8 to 18.')
    await check(page, 'workspace-canned-answer')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('list', { name: 'Canned answers' }).getByText('/hours').waitFor()
    await check(page, 'workspace-canned-answers')
    await talk.field.pressSequentially('/ho')
    await talk.page.getByRole('option', { name: /hours/ }).waitFor()

    // Another one was added, and the text of this one changed, meanwhile: both stay.
    const other = { name: 'thanks', text: 'Thank you.', skillIds: [] }
    const theirs = { name: 'hours', text: 'We are here from 9 to 17.', skillIds: [] }
    await page.getByRole('button', { name: 'Edit hours' }).press('Enter')
    await page.getByRole('checkbox').last().press('Space')
    await call(scene, 'PUT', 'canned-answers', { answers: [theirs, other] })
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('button', { name: 'Remove thanks' }).waitFor()
    const { answers } = await call<{ answers: { skillIds: string[] }[] }>(
      scene,
      'GET',
      'canned-answers',
    )
    expect(answers).toMatchObject([{ name: 'hours', text: theirs.text }, other])
    expect(answers[0]?.skillIds).toHaveLength(1)
    await page.getByRole('button', { name: 'Remove hours' }).press('Enter')
    await page.getByRole('button', { name: 'Delete' }).press('Enter')
    await page.getByRole('button', { name: 'Edit hours' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Edit thanks' }).waitFor()
  },
)
