import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  anotherScene,
  call,
  givenSkill,
  lambdasOf,
  openConsumerSocket,
} from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, go, heading } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

const exportFile = (name: string) => join(import.meta.dirname, '../builder-bots', `${name}.json`)

const ANSWERS = `callback(null, { messages: ['Hello from the bot'] })`
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test.skipIf(!hasBrowser)(
  'an administrator makes a connector from nothing, sees its error by name, and starts it',
  async () => {
    const scene = await anotherScene(served.server)
    await givenSkill(scene)
    const lambdas = lambdasOf(scene)
    const broken = `function lambda(input, callback) { throw new Error('not yet') }`
    await lambdas.deployed(broken, { name: 'broken_bot' })
    await lambdas.deployed(`function lambda(input, callback) { ${ANSWERS} }`, { name: 'good_bot' })
    const { skills } = await call<{ skills: { name: string }[] }>(scene, 'GET', 'skills')
    const skill = skills[0]?.name ?? ''
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const keyboard = keyboardOf(page)
    await go(page, 'Bots')
    await heading(page, 'Bots')
    await page.getByText('There are no connectors yet.').waitFor()
    await check(page, 'console-bots-empty')
    await keyboard.press(button(page, 'New connector'))
    await heading(page, 'New connector')

    // What is missing is said at its field, and nothing is sent.
    await keyboard.press(button(page, 'Create'))
    await page.getByText(/fields are invalid/).waitFor()
    await keyboard.write(page.getByRole('textbox', { name: 'Name' }), 'Order bot')
    await keyboard.choose(page.getByRole('button', { name: /Function$/ }), /broken_bot/)
    await keyboard.press(page.getByRole('checkbox', { name: skill }).first(), 'Space')
    await keyboard.choose(
      page.getByRole('button', { name: /Hands over to the skill/ }),
      new RegExp(skill),
    )
    await keyboard.write(page.getByLabel('Says to the consumer'), 'A person will help you')
    await check(page, 'console-connector-new')
    await keyboard.press(button(page, 'Create'))
    await heading(page, 'Order bot')
    await page.getByText('Stopped', { exact: true }).waitFor()

    await keyboard.press(button(page, 'Test connection'))
    await page.getByText('aivendor.faas.testConnection').first().waitFor()
    await page
      .getByText(/The function does not answer its test/)
      .first()
      .waitFor()
    await page.getByText('not yet', { exact: true }).first().waitFor()
    await check(page, 'console-connector-error')

    await keyboard.choose(page.getByRole('button', { name: /Function$/ }), /good_bot/)
    await keyboard.press(button(page, 'Save'))
    await page.getByText('Saved.', { exact: true }).waitFor()
    await keyboard.press(button(page, 'Test connection'))
    await page.getByText('It answers.').waitFor()
    await keyboard.press(button(page, 'Start'))
    await page.getByText('Online', { exact: true }).waitFor()
    await go(page, 'Bots')
    await page.getByRole('rowheader', { name: 'Order bot' }).waitFor()
    const { connectors } = await call<{ connectors: object[] }>(scene, 'GET', 'connectors')
    expect(connectors).toMatchObject([
      {
        name: 'Order bot',
        state: 'online',
        escalation: { messageToCustomer: 'A person will help you' },
      },
    ])
  },
)

test.skipIf(!hasBrowser)(
  'an administrator imports a bot, sees what does not run, talks to it, and lets it serve a skill',
  async () => {
    const scene = await anotherScene(served.server)
    await givenSkill(scene)
    await using opened = await consoleAt(served.browser, scene, '/bots')
    const { page } = opened
    await button(page, 'Import a bot').press('Enter')
    await page.getByLabel('Export file').setInputFiles(exportFile('pizza'))
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).press('Enter')
    await heading(page, 'Pizza')
    await page.getByRole('table', { name: 'Steps' }).getByText('What on it?').waitFor()
    const keyboard = keyboardOf(page)
    const talk = page.getByRole('log', { name: 'Talk to it' })
    await keyboard.write(page.getByRole('textbox', { name: 'Say something' }), 'hello')
    await keyboard.key('Enter')
    await talk.getByText(/You said: hello/).waitFor()
    await keyboard.press(talk.getByRole('button', { name: 'Order', exact: true }))
    await talk.getByText('Which size?').waitFor()
    await keyboard.press(talk.getByRole('button', { name: 'Large' }))
    await talk.getByText('What on it?').waitFor()
    await check(page, 'console-bot')

    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('size')
    await page.getByText(/of \d+ steps/).waitFor()
    await keyboard.press(page.getByRole('navigation').getByRole('button', { name: 'Settings' }))
    await keyboard.press(page.getByRole('checkbox', { name: /./ }).first(), 'Space')
    await keyboard.press(button(page, 'Save'))
    await page.getByText('Saved.', { exact: true }).waitFor()
    await check(page, 'console-bot-settings')
    await keyboard.press(button(page, 'Start'))
    await page.getByText('Online', { exact: true }).waitFor()
    await keyboard.press(
      page.getByRole('navigation').getByRole('button', { name: 'Conversations' }),
    )
    await page.getByText('It has no conversation now.').waitFor()
    await keyboard.press(page.getByRole('navigation').getByRole('button', { name: 'What failed' }))
    await page.getByText('Nothing has failed.').waitFor()
    const { bots } = await call<{ bots: { skillIds: string[] }[] }>(scene, 'GET', 'bots')
    expect(bots).toMatchObject([{ name: 'Pizza', state: 'online', revision: 1 }])
    expect(bots[0]?.skillIds).toHaveLength(1)
  },
)

test.skipIf(!hasBrowser)(
  'a role that may only read sees bots and no way to change them',
  async () => {
    const scene = await anotherScene(served.server)
    const agent = scene.agents[0]!
    await using opened = await consoleAt(served.browser, scene, '/bots', { user: agent })
    const { page } = opened
    await heading(page, 'Bots')
    await page.getByText('There are no connectors yet.').waitFor()
    expect(await button(page, 'New connector').count()).toBe(0)
    expect(await button(page, 'Import a bot').count()).toBe(0)
    await page.goto(`${scene.url}/console/${scene.accountId}/bots/connectors/new`)
    await page.getByText('Your role may not change this.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'who starts a trial of a bot again hears no answer of the one before; what got none is asked again',
  async () => {
    const scene = await anotherScene(served.server)
    const file = JSON.parse(readFileSync(exportFile('pizza'), 'utf8')) as object
    const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', file)
    await using opened = await consoleAt(served.browser, scene, `/bots/${botId}`, { isCut: true })
    const { page } = opened
    const box = page.getByRole('region', { name: 'Talk to it' })
    const field = box.getByRole('textbox', { name: 'Say something' })
    const say = async (text: string) => {
      await field.fill(text)
      await field.press('Enter')
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<void>()
    await page.route('**/talk', async (route) => {
      const text = route.request().postData() ?? ''
      if (text.includes('lost') && !isBack) return await route.abort()
      if (text.includes('slow')) await promise
      await route.fulfill({ response: await route.fetch() })
      if (text.includes('slow')) answered.resolve()
    })
    let isBack = false
    await say('hello slow')
    await box.getByText('The bot thinks').waitFor()
    await box.getByRole('button', { name: 'Start again' }).press('Enter')
    resolve()
    await answered.promise
    await say('hello quick')
    await box.getByText('You said: hello quick').waitFor()
    expect(await box.getByText(/slow/).count()).toBe(0)

    await box.getByRole('button', { name: 'Start again' }).press('Enter')
    await say('hello lost')
    await box.getByRole('alert').waitFor()
    isBack = true
    await box.getByRole('button', { name: 'Try again' }).press('Enter')
    await box.getByText('You said: hello lost').waitFor()
    expect(await box.getByText('hello lost', { exact: true }).count()).toBe(1)
  },
)

test.skipIf(!hasBrowser)(
  'the lists of bots follow how many conversations each has, and what fails last',
  async () => {
    const scene = await anotherScene(served.server)
    const [failing, skillId] = [await givenSkill(scene), await givenSkill(scene)]
    const file: unknown = JSON.parse(readFileSync(exportFile('pizza'), 'utf8'))
    const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', file)
    await call(scene, 'PATCH', `bots/${botId}`, { skillIds: [skillId] })
    await call(scene, 'PUT', `bots/${botId}/state`, { state: 'online' })
    const functionId = await lambdasOf(scene).deployed(
      `function lambda({ payload }, callback) { callback(payload.message ? new Error('no') : null, {}) }`,
    )
    const { connectorId } = await call<{ connectorId: string }>(scene, 'POST', 'connectors', {
      name: 'Order bot',
      skillIds: [failing],
      channels: ['messaging'],
      welcome: false,
      engagementAttributes: false,
      vendor: { kind: 'function', functionId },
      escalation: {
        skillId: failing,
        messageToCustomer: '',
        messageToAgent: '',
        transferFailureMessage: '',
      },
    })
    await call(scene, 'PUT', `connectors/${connectorId}/state`, { state: 'online' })
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await go(page, 'Bots')
    const rowOf = (name: string) =>
      page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })
    const cell = (name: string, text: string | RegExp) =>
      rowOf(name).getByRole('cell', { name: text, exact: true })
    await cell('Pizza', '0').waitFor()
    await cell('Order bot', 'None').waitFor()

    for (let opens = 0; opens < 3; opens += 1) {
      await using consumer = await openConsumerSocket(scene)
      await consumer.openConversation({ skillId })
    }
    await using consumer = await openConsumerSocket(scene)
    await consumer.say(await consumer.openConversation({ skillId: failing }), 'hello')

    await cell('Pizza', '3').waitFor()
    await cell('Order bot', /aivendor\.faas\.invoke-lambda/).waitFor()
  },
)
