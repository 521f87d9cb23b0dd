import { anotherScene, call, startChat } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, talkAt, visitorAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'what an agent asks for while there is no connection is said not to be done, and works when it is back',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene, 'hello', { isCut: true })
    const { page, agent } = talk
    await agent.cut()
    await page.getByText('The connection is lost.').waitFor()
    await act(page, 'q')
    const refused = page.getByText('The server cannot be reached.')
    await refused.waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).press('Enter')
    await act(page, 'e')
    const dialog = page.getByRole('dialog')
    const submit = dialog.getByRole('button', { name: 'Close', exact: true })
    await submit.press('Enter')
    await refused.waitFor()
    expect(await dialog.getByRole('alert').textContent()).not.toContain('socket')

    await agent.restore()
    await page.getByText('The connection is lost.').waitFor({ state: 'detached' })
    await submit.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await talk.consumer.page.getByText('This conversation has ended.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'who has gone on to another conversation stays there when an action in the one before it is done late',
  async () => {
    const scene = await anotherScene(served.server)
    const [skillId = ''] = scene.skillIds
    await call(scene, 'PUT', 'chat-settings', { survey: {} })
    await using talk = await talkAt(served.browser, scene, 'by message')
    const { page, log, field } = talk
    await using _visitor = await visitorAt(served.browser, scene, skillId, {
      name: 'Grace',
      text: 'My parcel is late',
    })
    await page.getByRole('button', { name: 'Accept Grace' }).press('Enter')
    await log.getByText('My parcel is late').waitFor()
    const asked = Promise.withResolvers<void>()
    const later = Promise.withResolvers<void>()
    await page.route(/\/transfer$/, async (route) => {
      asked.resolve()
      await later.promise
      await route.continue()
    })
    await act(page, 'q')
    await asked.promise
    const row = page.getByRole('navigation').locator('.talk-row')
    await row.filter({ hasText: 'by message' }).click()
    await field.fill('half a sentence')
    const address = page.url()
    later.resolve()
    await page.getByRole('heading', { name: 'Over (1)' }).waitFor()
    expect(page.url()).toBe(address)
    expect(await field.inputValue()).toBe('half a sentence')
    expect(await log.getByText('by message').count()).toBe(1)
  },
)

test.skipIf(!hasBrowser)(
  'a live chat that begins while the page reads which ones wait is offered on when that reading is done',
  async () => {
    const scene = await anotherScene(served.server)
    const [skillId = ''] = scene.skillIds
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    const goOnline = page.getByRole('button', { name: 'Go online' })
    await goOnline.press('Enter')
    // The page shows it at once, and tells it as soon as it is connected.
    const board = () => call<{ agents: { availability: string }[] }>(scene, 'GET', 'board')
    const statuses = async () => (await board()).agents.map(({ availability }) => availability)
    await expect.poll(statuses).toContain('ONLINE')
    const read = Promise.withResolvers<void>()
    const later = Promise.withResolvers<void>()
    // The first one: the page reads again once it knows the agent's skills.
    await page.route(
      /stage=waiting/,
      async (route) => {
        const response = await route.fetch()
        read.resolve()
        await later.promise
        await route.fulfill({ response })
      },
      { times: 1 },
    )
    await page.reload()
    await read.promise
    await startChat(scene, { skillId, name: 'Alan', text: 'Alan waits' })
    const offer = page.getByRole('button', { name: 'Accept Alan' })
    await offer.waitFor()

    later.resolve()
    // Whoever comes after that reading is heard of after it.
    await page.waitForResponse(/stage=waiting/)
    await startChat(scene, { skillId, name: 'Grace', text: 'Grace waits' })
    await page.getByRole('button', { name: 'Accept Grace' }).waitFor()
    await offer.press('Enter')
    await page.getByRole('log').getByText('Alan waits').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'an agent who is online is not said to be away while the page waits for what the server says',
  async () => {
    const scene = await anotherScene(served.server)
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await page.getByText('You have no conversation.').waitFor()
    // It opens, and nothing comes.
    await page.routeWebSocket(/./, () => undefined)
    await page.reload()
    await page.getByRole('button', { name: 'Loading… Status' }).waitFor()
    expect(await page.getByText(/You are away/).count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'what is offered to an agent is said of the status that it has chosen',
  async () => {
    const scene = await anotherScene(served.server)
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    const away = page.getByText(/You are away/)
    await away.waitFor()
    for (const [status, said] of [
      ['Occupied', 'You are occupied: only what is transferred is offered to you.'],
      ['Back soon', 'You are back soon: only what is transferred to you alone'],
    ] as const) {
      await page.getByRole('button', { name: /Status$/ }).press('Enter')
      await page.getByRole('option', { name: status }).press('Enter')
      await page.getByText(said).waitFor()
      expect(await away.count()).toBe(0)
    }
  },
)
