import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, talkAt, visitorAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

/** Both requests reach the server at the same moment. */
async function acceptTogether(pages: readonly Page[], name: string): Promise<void> {
  const together = Promise.withResolvers<void>()
  let count = 0
  for (const page of pages) {
    await page.route(/\/accept$/, async (route) => {
      count += 1
      if (count >= pages.length) together.resolve()
      await together.promise
      await route.continue()
    })
  }
  await Promise.all(
    pages.map((page) => page.getByRole('button', { name: `Accept ${name}` }).press('Enter')),
  )
}

test.skipIf(!hasBrowser)(
  'a live chat stands beside messaging: two accept at once, one gets it, talks, transfers; the other one ends it',
  async () => {
    const scene = await anotherScene(served.server)
    const [skillId = ''] = scene.skillIds
    await call(scene, 'PUT', 'chat-settings', { survey: {} })
    await using talk = await talkAt(served.browser, scene, 'by message')
    await using colleague = await workspaceAt(served.browser, scene, scene.agents[1]!)
    await colleague.page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using visitor = await visitorAt(served.browser, scene, skillId, {
      name: 'Grace',
      text: 'My parcel is late',
    })
    const pages = [talk.page, colleague.page]
    for (const page of pages) await page.getByText('My parcel is late').waitFor()
    await check(talk.page, 'workspace-chat-offer')

    await acceptTogether(pages, 'Grace')
    const lost = (page: Page) => page.getByRole('alert').getByText(/serves it/)
    await Promise.any(pages.map((page) => lost(page).waitFor()))
    const [winner, loser] = (await lost(talk.page).isVisible())
      ? [colleague.page, talk.page]
      : [talk.page, colleague.page]
    const log = winner.getByRole('log')
    await log.getByText('My parcel is late').waitFor()
    await loser.getByRole('button', { name: 'Accept Grace' }).waitFor({ state: 'detached' })
    // Files are for messaging.
    expect(await winner.getByRole('button', { name: 'Send a file' }).count()).toBe(0)

    const field = winner.getByRole('textbox', { name: 'Write a message' })
    await field.pressSequentially('Let me look.')
    await visitor.page.getByText(/typing/).waitFor()
    await winner.keyboard.press('Enter')
    await visitor.page.getByText('Let me look.').waitFor()
    expect(await log.getByText('Let me look.').count()).toBe(1)
    await visitor.field.pressSequentially('It is a')
    await winner
      .getByText(/is typing…/)
      .first()
      .waitFor()
    await visitor.field.fill('It is a box')
    await visitor.field.press('Enter')
    await log.getByText('It is a box').waitFor()
    await check(winner, 'workspace-chat')

    // What is typed outlives the page.
    await field.fill('It comes')
    await winner.reload()
    await log.getByText('It is a box').waitFor()
    expect(await field.inputValue()).toBe('It comes')
    await field.press('Enter')
    await visitor.page.getByText('It comes').waitFor()

    await act(winner, 't')
    await winner.getByRole('heading', { name: 'Transfer this conversation' }).waitFor()
    await pressInDialog(winner, 'Enter')
    await loser.getByRole('button', { name: 'Accept Grace' }).press('Enter')
    const taken = loser.getByRole('log')
    await taken.getByText(/passed the chat to/).waitFor()
    await taken.getByText('It is a box').waitFor()
    await act(loser, 'e')
    await loser.getByRole('heading', { name: 'End this chat?' }).waitFor()
    await pressInDialog(loser, 'Enter')
    await taken.getByText('The chat was ended by the agent').waitFor()

    await visitor.page.getByRole('radio', { name: '5' }).check()
    await visitor.page.getByRole('button', { name: 'Send answers' }).click()
    await loser.getByText('Satisfaction: 5 of 5').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'commands and notes in a chat are for the agent; what is typed while the line is lost is sent once; a chat that ends under the hand keeps it',
  async () => {
    const scene = await anotherScene(served.server)
    const found =
      "(input, callback) { callback(null, input.payload.arguments[0] + ' is in Malmö') }"
    await lambdasOf(scene).deployed(`async function lambda${found}`, {
      name: 'parcel',
      description: '[number] - Where a parcel is',
      eventId: 'conversational_command',
    })
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!, { isCut: true })
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using visitor = await visitorAt(served.browser, scene, scene.skillIds[0] ?? '', {
      name: 'Grace',
      text: 'Where is it',
    })
    await page.getByRole('button', { name: 'Accept Grace' }).press('Enter')
    const log = page.getByRole('log')
    await log.getByText('Where is it').waitFor()
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('/parcel 77')
    await page.getByText('Enter runs it').waitFor()
    await field.press('Enter')
    await page.getByText('77 is in Malmö').waitFor()
    await page.getByRole('button', { name: 'Private note' }).press('Enter')
    await page
      .getByRole('textbox', { name: 'Write a private note' })
      .fill('Asks for the third time')
    await page.keyboard.press('Enter')
    await log.getByText('Asks for the third time').waitFor()
    await page.getByText('Not sent yet').waitFor({ state: 'detached' })
    await page.context().setOffline(true)
    await field.fill('On its way')
    await field.press('Enter')
    await page.getByText('Not sent yet').waitFor()
    await visitor.field.fill('Hello?')
    await visitor.field.press('Enter')
    await page.context().setOffline(false)
    await visitor.page.getByText('On its way').waitFor()
    await log.getByText('Hello?').waitFor()
    await page.getByText('Not sent yet').waitFor({ state: 'detached' })
    expect(await log.getByText('On its way').count()).toBe(1)
    expect(await visitor.page.getByText('On its way').count()).toBe(1)
    expect(await visitor.page.getByText('third time').count()).toBe(0)

    await field.fill('I was about to say')
    await visitor.page.getByRole('button', { name: 'More' }).click()
    await visitor.page.getByRole('button', { name: 'End chat' }).click()
    await visitor.page.getByRole('button', { name: 'Yes, end it' }).click()
    await page.getByText('This conversation is closed.').waitFor()
    expect(await field.inputValue()).toBe('I was about to say')

    // The same visitor comes again, by chat and by message: what was said stands beside both.
    const facts = page.getByRole('region', { name: 'Consumer' })
    const readFirst = async () => {
      await facts
        .getByRole('button', { name: /^Read the live chat of/ })
        .last()
        .press('Enter')
      const dialog = page.getByRole('dialog', { name: /^Live chat of/ })
      await dialog.getByText('Where is it').waitFor()
      await dialog.getByText('Asks for the third time').waitFor()
      await dialog.getByText('The chat was ended by the consumer').waitFor()
      return dialog
    }
    await visitor.page.getByRole('button', { name: 'Start another chat' }).click()
    await visitor.page.getByLabel('Your name').fill('Grace Hopper')
    await visitor.page.getByLabel('How can we help?').fill('Me again')
    await visitor.page.getByRole('button', { name: 'Start chat' }).click()
    await page.getByRole('button', { name: 'Accept Grace Hopper' }).press('Enter')
    await log.getByText('Me again').waitFor()
    await readFirst()
    await check(page, 'workspace-earlier-chat')
    await pressInDialog(page, 'Escape')
    const inMessaging = visitor.page.url().replace('channel=chat&', '')
    await visitor.page.goto(inMessaging)
    await visitor.field.fill('One more thing')
    await visitor.field.press('Enter')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    await log.getByText('One more thing').waitFor()
    const dialog = await readFirst()
    await pressInDialog(page, 'Escape')
    await dialog.waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser)(
  'chats are offered as status and room allow; one that is put back waits for others',
  async () => {
    const scene = await anotherScene(served.server)
    const [skillId = ''] = scene.skillIds
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = agent
    const accept = (name: string) => page.getByRole('button', { name: `Accept ${name}` })
    await using _grace = await visitorAt(served.browser, scene, skillId, {
      name: 'Grace',
      text: 'One',
    })
    await using _alan = await visitorAt(served.browser, scene, skillId, {
      name: 'Alan',
      text: 'Two',
    })
    await page.getByText('2 more live chats wait.').waitFor()
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await accept('Alan').waitFor()
    const { users } = await call<{ users: { userId: string; loginName: string }[] }>(
      scene,
      'GET',
      'users',
    )
    const userId = users.find(({ loginName }) => loginName === scene.agents[0]!.user)?.userId
    await call(scene, 'PATCH', `users/${userId}`, { maxSlots: 1 })
    await page.getByText('0 of 1 place taken').waitFor()
    await accept('Grace').press('Enter')
    await page.getByText('1 of 1 place taken').waitFor()
    await accept('Alan').waitFor({ state: 'detached' })
    await act(page, 'q')
    await page.getByText('My conversations (0)').waitFor()
    await accept('Grace').waitFor()
    await page.getByRole('button', { name: 'Decline Alan' }).press('Enter')
    await accept('Alan').waitFor({ state: 'detached' })
  },
)
