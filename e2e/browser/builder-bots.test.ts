import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { login } from '@parley/client'
import {
  anotherScene,
  call,
  givenSkill,
  lambdasOf,
  openAgentSocket,
  type Scene,
  startTestServer,
  PATIENT_SERVER,
} from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

const fileOf = (name: string) =>
  readFileSync(join(import.meta.dirname, '../builder-bots', `${name}.json`), 'utf8')

/** Imports a bot and lets it serve a skill of its own; the address of the consumer page for it. */
async function givenBot(scene: Scene, file: string, change: object = {}): Promise<string> {
  const skillId = await givenSkill(scene)
  const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', JSON.parse(file))
  await call(scene, 'PATCH', `bots/${botId}`, { skillIds: [skillId], ...change })
  await call(scene, 'PUT', `bots/${botId}/state`, { state: 'online' })
  return `${scene.url}/consumer/${scene.accountId}?skill=${skillId}`
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Write a message' }).fill(text)
  await page.keyboard.press('Enter')
}

/** Waits until the bot has said this so often. */
async function heard(page: Page, text: string | RegExp, times = 1): Promise<void> {
  await expect.poll(() => page.getByText(text).count()).toBe(times)
}

const reply = (page: Page, title: string) =>
  page.getByRole('group', { name: 'Quick replies' }).getByRole('button', { name: title })

test.skipIf(!hasBrowser)(
  'a consumer talks to a bot in the page: quick replies, buttons of cards, text',
  async () => {
    await using server = await startTestServer({ clock: 'system' })
    const address = await givenBot(await anotherScene(server), fileOf('pizza'))
    await using browser = await openBrowser()
    const { page, problems } = await openPage(browser, address)

    await write(page, 'hello')
    await heard(page, 'What can I do? You said: hello')
    await reply(page, 'Order').click()
    await heard(page, 'Which size?')
    await page.getByRole('button', { name: 'Large' }).click()
    await heard(page, 'What on it?')
    await write(page, 'b')
    await heard(page, 'How many?')
    await write(page, 'many')
    await heard(page, 'A number, please.')
    await write(page, '2')
    await heard(page, 'What is your name?')
    await write(page, 'Ada')
    await heard(page, 'Ham pizza, large, for Ada?')
    await page.getByRole('button', { name: 'Yes' }).click()
    await heard(page, 'On its way.')
    expect(problems).toEqual([])
  },
)

test.skipIf(!hasBrowser)(
  'a bot shows what an HTTP API answers as a carousel in the page',
  async () => {
    const days = [
      { name: 'Mon', degrees: 20 },
      { name: 'Tue', degrees: 22 },
    ]
    const api = createServer(PATIENT_SERVER, (request, answer) => {
      const isSaved = request.method === 'POST'
      answer.end(JSON.stringify(isSaved ? { ok: 'yes' } : { text: 'sunny', days }))
    })
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void api.close())
    const port = String((api.address() as AddressInfo).port)
    const env = { PARLEY_EGRESS_PRIVATE: `127.0.0.1:${port}` }
    await using server = await startTestServer({ clock: 'system', env })
    const file = fileOf('city-guide').replaceAll('4899', port)
    const address = await givenBot(await anotherScene(server), file)
    await using browser = await openBrowser()
    const { page, problems } = await openPage(browser, address)

    await write(page, 'weather')
    await heard(page, /^Which city\?/)
    await write(page, 'Rome')

    await heard(page, 'Saved: yes')
    await heard(page, /^Rome: SUNNY at 20 C/)
    await heard(page, /^(Mon|Tue)$/, 2)
    await heard(page, '22 C')
    await heard(page, /^ROME, visit 1/)
    expect(problems).toEqual([])
  },
)

test.skipIf(!hasBrowser)(
  'a bot calls a function and hands over to an agent in the page, who alone sees the summary',
  async () => {
    await using server = await startTestServer({ clock: 'system' })
    const scene = await anotherScene(server)
    const lambdaUuid = await lambdasOf(scene).deployed(
      `function lambda({ payload }, callback) { callback(null, { state: 'shipped to ' + payload.who }) }`,
    )
    const file = fileOf('help-desk').replace('00000000-0000-4000-8000-000000000001', lambdaUuid)
    const peopleId = await givenSkill(scene)
    const address = await givenBot(scene, file, { skillMap: { 4711: peopleId } })
    const session = await login(scene, scene.agents[0]!)
    await call(scene, 'PATCH', `users/${session.userId}`, { skillIds: [peopleId] })
    await using agent = await openAgentSocket(scene, { ...session, pid: session.pid ?? '' })
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page, problems } = await openPage(browser, address)

    await write(page, 'help')
    await heard(page, 'What is it about?')
    await reply(page, 'Order').click()
    await heard(page, 'Your order: shipped to Ada')
    await write(page, 'help')
    await heard(page, 'What is it about?', 2)
    await reply(page, 'Person').click()
    await heard(page, 'A person will help you, Ada.')
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await agent.message(
      conversationId,
      ({ text }) => text?.startsWith('Summary of the bot') === true,
    )
    await agent.say(conversationId, 'Here I am')

    await heard(page, 'Here I am')
    await heard(page, 'Summary of the bot', 0)
    expect(problems).toEqual([])
  },
)
