import {
  anotherScene,
  call,
  multiplyConversation,
  openAgentSocket,
  openConsumerSocket,
} from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { greeted } from './console-conversations.fixture.ts'
import { check, checkOnPhone, consoleAt, go, heading, quickest } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { workspaceAt } from './workspace.fixture.ts'

const CONVERSATIONS = 5_000
/** From a key to what it shows, asked from the server and drawn. */
const MAX_ANSWER_MS = 200

const served = servedConsole()

/** One conversation that an agent has and has not answered, and one that waits and is urgent. */
async function busyScene() {
  const scene = await anotherScene(served.server)
  const opened = new AsyncDisposableStack()
  onTestFinished(() => opened.disposeAsync())
  const agent = opened.use(await openAgentSocket(scene, scene.agents[0]!))
  await agent.goOnline()
  const consumer = opened.use(await openConsumerSocket(scene))
  const stuck = await consumer.openConversation({ skillId: '1001', ttrDefName: 'URGENT' })
  await agent.accept(stuck)
  await consumer.say(stuck, 'are you still there?')
  const other = opened.use(await openConsumerSocket(scene))
  const waiting = await other.openConversation({ skillId: '1002', ttrDefName: 'URGENT' })
  return { scene, agent, stuck, waiting }
}

const row = (page: Page, id: string) =>
  page
    .getByRole('table', { name: 'Conversations' })
    .getByRole('row')
    .filter({ hasText: id.slice(0, 8) })

test.skipIf(!hasBrowser)(
  'a supervisor finds a stuck conversation and takes it over, by the keyboard alone',
  async () => {
    const { scene, stuck, waiting } = await busyScene()
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await go(page, 'Board')
    await heading(page, 'Board')
    await row(page, waiting).waitFor()
    const keyboard = keyboardOf(page)
    await keyboard.press(
      page.getByRole('button', { name: `Step in: conversation ${stuck.slice(0, 8)}` }),
    )
    await page.getByRole('dialog').waitFor()
    await check(page, 'console-board-order')
    await keyboard.press(page.getByRole('button', { name: 'Take it over', exact: true }))
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await row(page, stuck).getByText(scene.admin.user).waitFor()
    const { assignedAgentId } = await call<{ assignedAgentId: string }>(
      scene,
      'GET',
      `conversations/${stuck}`,
    )
    const { id } = await call<{ id: string }>(scene, 'GET', 'caller')
    expect(assignedAgentId).toBe(id)
    await page.getByText('It is yours now, in your workspace.').waitFor()
    const onward = page.getByRole('link', { name: 'Go on there' })
    expect(await onward.getAttribute('href')).toBe(`/workspace/${scene.accountId}/${stuck}`)

    await keyboard.press(
      page.getByRole('button', { name: `Step in: conversation ${waiting.slice(0, 8)}` }),
    )
    await keyboard.choose(page.getByRole('button', { name: 'What to do' }), /Move it to a skill/)
    await keyboard.choose(page.getByRole('button', { name: 'To which skill' }), /./)
    await keyboard.press(page.getByRole('button', { name: 'Move it to a skill', exact: true }))
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const moved = await call<{ skillId: string }>(scene, 'GET', `conversations/${waiting}`)
    expect(moved.skillId).not.toBe('1002')
    await page.getByText(/^It waits for an agent of \S.* now\./).waitFor()

    await keyboard.press(row(page, stuck).getByRole('link'))
    await heading(page, 'Conversation')
  },
)

test.skipIf(!hasBrowser)('the board goes on by itself until it is held', async () => {
  const { scene } = await busyScene()
  await using opened = await consoleAt(served.browser, scene, '/board')
  const { page } = opened
  await page.getByText('2 open, 1 of them wait').waitFor()
  await check(page, 'console-board')
  await using third = await openConsumerSocket(scene)
  await third.openConversation({ skillId: '1002', ttrDefName: 'URGENT' })
  await page.getByText('3 open, 2 of them wait').waitFor()
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await page.getByText('Held').waitFor()
})

test.skipIf(!hasBrowser)(
  'today and this week stand there by skill and agent, as pictures and as tables, in German too',
  async () => {
    const scene = await anotherScene(served.server)
    const hello = `callback(null, { type: 'systemMessage', text: 'Hello' })`
    await greeted(scene, hello, 'my order is late')
    await using opened = await consoleAt(served.browser, scene, '/board?view=today')
    const { page } = opened
    await page.getByRole('figure', { name: 'Who answers' }).waitFor()
    await page.getByText('Functions answered 1 conversation; 0 of 1 run failed.').waitFor()
    await page.getByText('Show as a table').first().press('Enter')
    await check(page, 'console-board-figures')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as CSV' }).press('Enter')
    expect((await saved).suggestedFilename()).toBe('figures.csv')

    await using german = await consoleAt(served.browser, scene, '/board?view=week&by=agent', {
      locale: 'de-DE',
      viewport: { width: 390, height: 844 },
    })
    await german.page.getByRole('figure', { name: 'Wer antwortet' }).waitFor()
    await german.page.getByRole('rowheader', { name: 'Niemandem zugewiesen' }).waitFor()
    await checkOnPhone(german.page, 'console-phone-board')
  },
)

test.skipIf(!hasBrowser)(
  'with 5,000 open conversations each step is answered at once',
  async () => {
    const scene = await anotherScene(served.server)
    const first = await greeted(scene, `callback(null, [])`, 'nothing special')
    await multiplyConversation(served.server, first, CONVERSATIONS)
    await using opened = await consoleAt(served.browser, scene, '/board?which=open')
    const { page } = opened
    await page.getByText('1 to 50 of 5,001').waitFor()
    const until = (click: string, shown: string) =>
      page.evaluate(`new Promise((resolve) => {
        ${click}.click()
        const look = () => (${shown}) ? resolve() : requestAnimationFrame(look)
        look()
      })`)
    const button = (name: string) =>
      `[...document.querySelectorAll('button')].find((one) => one.textContent === '${name}')`
    let place = 1
    const steps = {
      // Each a page that was not read before.
      'the next page': [
        () => {
          place += 50
          const shown = `document.body.textContent.includes('${place} to ${place + 49} of 5,001')`
          return until(button('Next'), shown)
        },
      ],
      'the dialog of a conversation': [
        () => until(button('Step in'), `document.querySelector('[role=dialog]') !== null`),
        async () => {
          const dialog = page.getByRole('dialog')
          if ((await dialog.count()) === 0) return
          // Before it has the focus, it hears no key.
          await page.locator('[role=dialog]:focus, [role=dialog] :focus').waitFor()
          await page.keyboard.press('Escape')
          await dialog.waitFor({ state: 'detached' })
        },
      ],
    } as const
    for (const [name, [work, before]] of Object.entries(steps)) {
      const ms = await quickest(work, before)
      console.info(`Board of 5,001 open conversations, ${name}: ${Math.round(ms)} ms`)
      expect(ms).toBeLessThanOrEqual(MAX_ANSWER_MS)
    }
  },
)

test.skipIf(!hasBrowser)('a supervisor sets an agent away, who is told and goes on', async () => {
  const scene = await anotherScene(served.server)
  await using agent = await workspaceAt(served.browser, scene, scene.agents[0])
  await agent.page.getByRole('button', { name: 'Go online' }).press('Enter')
  await using opened = await consoleAt(served.browser, scene, '/board')
  const { page } = opened
  const away = page.getByRole('button', { name: /^Set away/ })
  await away.waitFor()
  await check(page, 'console-board-agents')
  await away.press('Enter')
  await page.getByText('is away now and is offered nothing.').waitFor()
  await page.getByRole('button', { name: /^Set online/ }).waitFor()
  await agent.page.getByText('Your status is now “Away”. A supervisor may have set it.').waitFor()
  await agent.page.getByRole('button', { name: 'Go online' }).press('Enter')
  await away.waitFor()
})

test.skipIf(!hasBrowser)('a place beyond the end of the board shows its last page', async () => {
  const { scene, waiting } = await busyScene()
  await using opened = await consoleAt(served.browser, scene, '/board?which=open&from=100')
  const { page } = opened
  await row(page, waiting).waitFor()
  await expect.poll(() => new URL(page.url()).search).not.toContain('from')
})

test.skipIf(!hasBrowser).for([
  ['en', ['Queues', 'Agents']],
  ['de', ['Warteschlangen', 'Agenten']],
] as const)(
  'queues and agents are seen whole at 1,280 pixels, and so is the filter by a skill without a queue: %s',
  async ([locale, tables]) => {
    const { scene } = await busyScene()
    const { skillId } = await call<{ skillId: string }>(scene, 'POST', 'skills', { name: 'Late' })
    await using opened = await consoleAt(served.browser, scene, `/board?skill=%22${skillId}%22`, {
      locale,
    })
    const { page } = opened
    await page.getByRole('button', { name: /Late Skill$/ }).waitFor()
    for (const name of tables) {
      const frame = page.getByRole('group', { name })
      await frame.getByRole('rowheader').first().waitFor()
      expect(
        await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
      ).toBe(0)
    }
  },
)
