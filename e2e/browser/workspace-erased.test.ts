import { anotherScene, call, startChat } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { workspaceAt } from './workspace.fixture.ts'

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
  expect(await page.getByRole('log').count()).toBe(0)
  await list.getByRole('button', { name: /^Alan/ }).press('Enter')
  await page.getByRole('log').getByText('Alan waits').waitFor()
})
