import { anotherScene, openConsumerSocket } from '@parley/server/testing'
import type { CDPSession, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { workspaceAt } from './workspace.fixture.ts'

/** `npm run memory` packs the traffic of an hour into minutes: a conversation for each of them, of 60 messages. */
const isHour = process.env['PARLEY_MEMORY'] === 'hour'
const ROUNDS = 4
const CONVERSATIONS = isHour ? 15 : 5
const MESSAGES = isHour ? 60 : 10
/** The first round loads parts of the page; what the others add must not stay. */
const MAX_GROWTH_MB = 1.5

const served = servedConsole()

/** What the page keeps when everything that it can do without is collected. */
async function kept(page: Page, cdp: CDPSession) {
  // Queries of what is not shown any more are kept for five minutes.
  await page.clock.fastForward('06:00')
  for (let time = 0; time < 3; time += 1) await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters')
  return { megabytes: usedSize / 1_000_000, nodes, jsEventListeners }
}

test.skipIf(!hasBrowser)(
  'conversations that come and go leave nothing behind in the page of their agent',
  async () => {
    const { server, browser } = served
    const scene = await anotherScene(server)
    await using agent = await workspaceAt(browser, scene, scene.agents[0]!)
    const { page } = agent
    const cdp = await page.context().newCDPSession(page)
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await page.getByText('You have no conversation.').waitFor()
    await page.clock.install()
    const log = page.getByRole('log')
    const field = page.getByRole('textbox', { name: 'Write a message' })

    async function talk(): Promise<void> {
      await using consumer = await openConsumerSocket(scene)
      const conversationId = await consumer.openConversation({ skillId: scene.skillIds[0] })
      await page.getByRole('button', { name: /^Accept/ }).press('Enter')
      for (let line = 1; line < MESSAGES; line += 2) {
        await consumer.say(conversationId, `line ${line} of ${conversationId}`)
        await log.getByText(`line ${line} of ${conversationId}`).waitFor()
        await field.fill(`answer ${line}`)
        await field.press('Enter')
        await consumer.message(conversationId, ({ text }) => text === `answer ${line}`)
      }
      const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }
      await consumer.request('cm.UpdateConversationField', {
        conversationId,
        conversationField: [closing],
      })
      await page.getByText('This conversation is closed.').waitFor()
    }

    const rounds: Awaited<ReturnType<typeof kept>>[] = []
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (let count = 0; count < CONVERSATIONS; count += 1) await talk()
      rounds.push(await kept(page, cdp))
      const { megabytes, nodes, jsEventListeners } = rounds.at(-1)!
      console.info(
        `Workspace after ${round * CONVERSATIONS} conversations of ${MESSAGES} messages: ` +
          `${megabytes.toFixed(1)} MB, ${nodes} nodes, ${jsEventListeners} listeners`,
      )
    }
    // The list of what is over is as long as it may be.
    const full = rounds.findIndex((_, index) => (index + 1) * CONVERSATIONS >= 20)
    const before = rounds[Math.max(1, full)]!
    const after = rounds.at(-1)!
    expect(after.megabytes - before.megabytes).toBeLessThanOrEqual(MAX_GROWTH_MB)
    expect(after.nodes).toBeLessThanOrEqual(before.nodes * 1.2)
  },
)
