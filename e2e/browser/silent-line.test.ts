import { openAgentSocket, openTcpProxy, startTestServer } from '@parley/server/testing'
import { createConnection } from 'node:net'
import { expect, test } from 'vitest'
import { consoleIsBuilt, signIn } from './console.fixture.ts'
import { hasBrowser, openBrowser, openContext } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

/** Between two questions of a page to the server, and how long it waits for the answer. */
const [ASKS_EVERY_MS, WAITS_MS] = [30_000, 20_000]

test.skipIf(!hasBrowser)(
  'a page whose network has gone silent connects again, and has what was said meanwhile',
  async () => {
    await using server = await startTestServer()
    const { port } = new URL(server.url)
    using proxy = await openTcpProxy(() => createConnection(Number(port), '127.0.0.1'))
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const context = await openContext(browser, { locale: 'en-GB' })
    const page = await context.newPage()
    await page.clock.install()
    await page.goto(`http://127.0.0.1:${proxy.port}/consumer/${server.accountId}`)
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('first')
    await field.press('Enter')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await agent.message(conversationId, ({ text }) => text === 'first')

    const unsent = page.getByText('Not sent yet')
    await expect.poll(() => unsent.count()).toBe(0)

    proxy.silence()
    await agent.say(conversationId, 'said meanwhile')
    await field.fill('second')
    await field.press('Enter')
    await unsent.waitFor()
    // Nothing tells the browser: it would wait for minutes.
    await page.clock.fastForward(ASKS_EVERY_MS)
    await page.clock.fastForward(WAITS_MS)
    await page.getByText('The connection was lost').waitFor()

    proxy.speak()
    await page.clock.fastForward(WAITS_MS)
    await page.getByText('said meanwhile').waitFor()
    await agent.message(conversationId, ({ text }) => text === 'second')
    await expect.poll(() => unsent.count()).toBe(0)
    expect(await page.getByText('second', { exact: true }).count()).toBe(1)
  },
)

/** How long a page of the console waits for a sign of the server's on its stream of updates. */
const SILENT_MS = 40_000

test.skipIf(!hasBrowser)(
  'a page of the console whose network has gone silent says so, and shows what changed meanwhile',
  async () => {
    await using server = await startTestServer({ clock: 'system' })
    await consoleIsBuilt(server)
    const { port } = new URL(server.url)
    using proxy = await openTcpProxy(() => createConnection(Number(port), '127.0.0.1'))
    await using browser = await openBrowser()
    const context = await openContext(browser, { locale: 'en-GB' })
    const page = await context.newPage()
    await page.clock.install()
    const listening = page.waitForResponse(/\/updates/)
    await page.goto(`http://127.0.0.1:${proxy.port}/console/${server.accountId}/secrets`)
    await signIn(page, server.admin)
    await listening
    await page.getByRole('table', { name: 'Secrets' }).waitFor()

    proxy.silence()
    const secrets = `/api/v1/accounts/${server.accountId}/secrets`
    const body = { name: 'of-a-colleague', value: 'x' }
    await server.request('POST', secrets, { bearer: server.adminBearer, body })
    await page.clock.fastForward(SILENT_MS)
    await page.getByText('The server cannot be reached').waitFor()
    proxy.speak()
    await page.getByText('of-a-colleague').waitFor()
  },
)
