import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { anotherScene, call, lambdasOf, type Scene } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { eventually } from '../live/eventually.ts'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// Somebody else changes the same thing meanwhile.

const answering = (text: string) =>
  `function lambda(input, callback) { callback(null, { text: '${text}' }) }`

const served = servedConsole()

/** A colleague saves another source, which is a new version. */
function saveBeside(scene: Scene, functionId: string, version: number, text: string) {
  return call(scene, 'PUT', `functions/${functionId}`, { version, code: answering(text) })
}

test.skipIf(!hasBrowser)(
  'what somebody saves while a deployment is looked at is shown before it is deployed',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(answering('one'), { name: 'greeter' })
    await saveBeside(scene, functionId, 1, 'two')
    const live = async () =>
      (await call<{ liveVersion: number }>(scene, 'GET', `functions/${functionId}`)).liveVersion
    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Deploy', exact: true }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Version 2 will run').waitFor()
    // The page hears of the other save only when it is refused.
    const refused = page.waitForResponse((reply) => reply.status() === 409)
    const source = new RegExp(`/functions/${functionId}(/versions|$)`)
    await page.route(source, async (route) => {
      if (route.request().method() === 'GET') await refused
      await route.continue()
    })
    await saveBeside(scene, functionId, 2, 'three')
    const deploy = dialog.getByRole('button', { name: 'Deploy', exact: true })
    await deploy.press('Enter')
    await dialog.getByText('the newest is 3').waitFor()
    expect(await live()).toBe(1)

    await dialog.getByText('Version 3 will run').waitFor()
    await deploy.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await live()).toBe(3)
  },
)

test.skipIf(!hasBrowser)(
  'what a colleague deploys, and what stops, is seen beside the source that is open',
  async () => {
    const scene = await anotherScene(served.server)
    const { uuid: functionId } = await lambdasOf(scene).create(answering('one'))
    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const main = opened.page.getByRole('main')
    await main.getByText('Draft', { exact: true }).waitFor()
    await call(scene, 'PUT', `functions/${functionId}/deployment`)
    await main.getByText('Productive', { exact: true }).waitFor()
    await call(scene, 'DELETE', `functions/${functionId}/deployment`)
    await main.getByText('Productive', { exact: true }).waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser)(
  'variables that are being typed stay while somebody else saves the function, and whoever replaces theirs is told',
  async () => {
    const scene = await anotherScene(served.server)
    const { uuid: functionId } = await lambdasOf(scene).create(answering('one'))
    await using opened = await consoleAt(served.browser, scene, `/secrets?functionId=${functionId}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Add a variable' }).press('Enter')
    await page.getByLabel('Name of variable 1').fill('COLOUR')
    const value = page.getByLabel('Value of variable 1')
    await value.fill('blue')
    await saveBeside(scene, functionId, 1, 'two')
    // Until the page has read the other save, its own is refused, and what is typed stays.
    await eventually('Own variables on top of the other save', async () => {
      await value.press('Enter')
      return (await page.getByText('Version 3 is saved.').isVisible()) || undefined
    })

    await value.fill('green')
    await call(scene, 'PUT', `functions/${functionId}`, {
      version: 3,
      environment: [{ key: 'SHAPE', value: 'round' }],
    })
    const told = page.getByText('Somebody has changed them meanwhile (version 4).')
    await told.waitFor()
    expect(await value.inputValue()).toBe('green')
    await page.getByRole('button', { name: 'Show theirs' }).press('Enter')
    await told.waitFor({ state: 'detached' })
    expect(await value.inputValue()).toBe('round')
  },
)

test.skipIf(!hasBrowser)(
  'settings of chats and mails that are being typed stay while somebody else saves others',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/mail?view=chat')
    const { page } = opened
    const waiting = page.getByLabel('Most chats that may wait')
    await waiting.fill('7')
    const chats = await call<object>(scene, 'GET', 'chat-settings')
    await call(scene, 'PUT', 'chat-settings', { ...chats, startsPerMinute: 9 })
    const starts = page.getByLabel('Chats per minute from one address')
    await expect.poll(() => starts.inputValue()).toBe('9')
    expect(await waiting.inputValue()).toBe('7')
    await waiting.press('Enter')
    await page.getByText('Saved. A chat gets the survey').waitFor()
    expect(await call(scene, 'GET', 'chat-settings')).toMatchObject({
      mostWaiting: 7,
      startsPerMinute: 9,
    })

    await page.goto(`${scene.url}/console/${scene.accountId}/mail?view=transcripts`)
    const senders = page.getByLabel('Senders that functions may use')
    await senders.fill('@example.com')
    const rules = await call<object>(scene, 'GET', 'transcript-settings')
    await call(scene, 'PUT', 'transcript-settings', { ...rules, holdMails: true })
    const held = page.getByRole('checkbox', { name: 'Hold new mails' })
    await expect.poll(() => held.isChecked()).toBe(true)
    expect(await senders.inputValue()).toBe('@example.com')
    const form = page.getByRole('form', { name: 'How mails leave' })
    await form.getByRole('button', { name: 'Save' }).press('Enter')
    await expect
      .poll(() => call(scene, 'GET', 'transcript-settings'))
      .toMatchObject({ holdMails: true, senders: ['@example.com'] })
  },
)

test.skipIf(!hasBrowser)(
  'a schedule and a skill are changed in what was typed only: what somebody else has changed stays',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(answering('one'), { name: 'greeter' })
    const { scheduleId } = await call<{ scheduleId: string }>(scene, 'POST', 'schedules', {
      functionId,
      cronExpression: '0 9 * * *',
      timeZone: 'UTC',
      payload: {},
    })
    await using opened = await consoleAt(served.browser, scene, '/schedules')
    const { page } = opened
    await page.getByRole('button', { name: /^Edit: greeter/ }).press('Enter')
    await page.getByLabel('Cron expression').fill('0 7 * * *')
    await call(scene, 'PATCH', `schedules/${scheduleId}`, { payload: { of: 'them' } })
    await page.getByLabel('Cron expression').press('Enter')
    await page.getByText('The schedule is saved.').waitFor()
    expect((await call<{ schedules: unknown[] }>(scene, 'GET', 'schedules')).schedules).toEqual([
      expect.objectContaining({ cronExpression: '0 7 * * *', payload: { of: 'them' } }),
    ])

    const { skillId } = await call<{ skillId: string }>(scene, 'POST', 'skills', { name: 'care' })
    await page.goto(`${scene.url}/console/${scene.accountId}/skills`)
    await page.getByRole('button', { name: 'Edit skill care' }).press('Enter')
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('service')
    await call(scene, 'PATCH', `skills/${skillId}`, { description: 'of them' })
    await page.keyboard.press('Enter')
    await page.getByText('The skill service is changed.').waitFor()
    const { skills } = await call<{ skills: unknown[] }>(scene, 'GET', 'skills')
    expect(skills).toContainEqual(
      expect.objectContaining({ skillId, name: 'service', description: 'of them' }),
    )
  },
)

const LATE_MS = 700
const MOST_CHANGES = 200

test.skipIf(!hasBrowser)(
  'a list whose answers are slow is shown anew while somebody changes it without a pause',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/functions')
    const { page } = opened
    await page.getByText('There are no functions yet').waitFor()
    await page.route(/\/functions$/, async (route) => {
      await setTimeout(LATE_MS)
      await route.continue()
    })
    const shown = page.getByRole('link', { name: /^beside_/ })
    let changes = 0
    for (; changes < MOST_CHANGES && (await shown.count()) === 0; changes++) {
      await lambdasOf(scene).create(answering('one'), { name: `beside_${changes}` })
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    expect(changes).toBeLessThan(MOST_CHANGES)
  },
)

test.skipIf(!hasBrowser)(
  'settings of a bot that somebody else has saved are shown, and what is typed meanwhile stays',
  async () => {
    const scene = await anotherScene(served.server)
    const file = join(import.meta.dirname, '../builder-bots/help-desk.json')
    const { botId } = await call<{ botId: string }>(
      scene,
      'POST',
      'bots',
      JSON.parse(readFileSync(file, 'utf8')) as object,
    )
    await using opened = await consoleAt(served.browser, scene, `/bots/${botId}?show=settings`)
    const { page } = opened
    const skill = page.getByRole('checkbox', { name: 'Sales' })
    await skill.waitFor()
    await page.getByLabel('Says to the consumer').fill('One moment')
    await call(scene, 'PATCH', `bots/${botId}`, { skillIds: ['1001'] })
    await expect.poll(() => skill.isChecked()).toBe(true)
    expect(await page.getByLabel('Says to the consumer').inputValue()).toBe('One moment')
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await page.getByText('Saved.', { exact: true }).waitFor()
    expect(await call(scene, 'GET', `bots/${botId}`)).toMatchObject({
      skillIds: ['1001'],
      escalation: { messageToCustomer: 'One moment' },
    })
  },
)
