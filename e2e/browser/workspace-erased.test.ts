import { anotherScene, call, startChat } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, talkAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

test
  .skipIf(!hasBrowser)
  .for([
    'while the page hears of it',
    'while the page hears nothing',
    'after its end was read, while the page hears nothing',
  ])('a live chat that is erased %s leaves the list, and the other ones stay', async (when) => {
  const scene = await anotherScene(served.server)
  const [skillId = ''] = scene.skillIds
  await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
  const { page } = agent
  const list = page.getByRole('navigation')
  await page.getByRole('button', { name: 'Go online' }).press('Enter')
  const chats = []
  for (const name of ['Alan', 'Grace']) {
    chats.push(await startChat(scene, { skillId, name, text: `${name} waits` }))
    await page.getByRole('button', { name: `Accept ${name}` }).press('Enter')
    await page.getByRole('log').getByText(`${name} waits`).waitFor()
  }
  if (when !== 'while the page hears of it') {
    // From now on it reads the lists anew, again and again, and is told nothing else.
    const body = 'event: ready\ndata: {}\n\n'
    await page.route(/\/updates/, (route) =>
      route.fulfill({ headers: { 'content-type': 'text/event-stream' }, body }),
    )
    await page.reload()
    await page.getByRole('log').getByText('Grace waits').waitFor()
  }
  await chats[1]?.end()
  if (when.startsWith('after its end')) await page.getByText('Over (1)').waitFor()
  await call(scene, 'DELETE', `chats/${chats[1]?.chatId}`)
  await list.getByRole('button', { name: /^Grace/ }).waitFor({ state: 'detached' })
  await page.getByRole('log').waitFor({ state: 'detached' })
  await list.getByRole('button', { name: /^Alan/ }).press('Enter')
  await page.getByRole('log').getByText('Alan waits').waitFor()
})

test
  .skipIf(!hasBrowser)
  .for([
    'while the page hears of it',
    'while the page is not connected',
    'while the page is not connected, with its end',
    'before its end',
  ])('a conversation that is erased %s leaves the list with what was said in it', async (when) => {
  const scene = await anotherScene(served.server)
  await using talk = await talkAt(served.browser, scene, 'My secret', { isCut: true })
  const { page, log, agent } = talk
  const isOff = when.startsWith('while the page is not connected')
  if (!when.endsWith('its end')) {
    await act(page, 'e')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Close', exact: true }).press('Enter')
    await page.getByText('Over (1)').waitFor()
    await log.getByText('My secret').waitFor()
  }
  if (isOff) {
    await page.route(/\/updates/, (route) => route.abort())
    await page.context().setOffline(true)
    await agent.cut()
    await page.getByText('The connection is lost.').waitFor()
  }
  const { conversations } = await call<{
    conversations: { conversationId: string; consumerId: string }[]
  }>(scene, 'GET', 'conversations')
  const [{ consumerId } = { consumerId: '' }] = conversations
  await call(scene, 'POST', 'erasures', { consumerId })
  if (isOff) {
    await page.context().setOffline(false)
    await agent.restore()
  }
  await page.getByRole('log', { name: /^Messages/ }).waitFor({ state: 'detached' })
  const list = page.getByRole('navigation')
  await list.locator('.talk-row').waitFor({ state: 'detached' })
  expect(await page.getByText('My secret').count()).toBe(0)
})
