import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, heading } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// Two people change the same thing at once, each another part of it: both parts are kept.

const ANSWERS = `function lambda(input, callback) { callback(null, { messages: ['Hello'] }) }`
const PIZZA = join(import.meta.dirname, '../builder-bots/pizza.json')

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'hours and a message keep what a colleague has set meanwhile',
  async () => {
    const scene = await anotherScene(served.server)
    const shifts = [{ from: '09:00', to: '17:00' }]
    const hours = { timeZone: 'UTC', week: { monday: shifts, tuesday: shifts }, specialDays: [] }
    await call(scene, 'PUT', 'calendars/account', hours)
    await using opened = await consoleAt(served.browser, scene, '/skills')
    const { page } = opened
    await page.getByRole('button', { name: 'Change hours' }).press('Enter')
    await page.getByRole('button', { name: 'Add a day' }).press('Enter')
    await page.getByLabel('Date', { exact: true }).fill('2027-01-01')
    const theirs = { date: '2026-12-25', name: 'Christmas', shifts: [] }
    const week = { monday: shifts, tuesday: [] }
    await call(scene, 'PUT', 'calendars/account', { ...hours, week, specialDays: [theirs] })
    await page.getByLabel('Date', { exact: true }).press('Enter')
    await page.getByText('The hours of this account are set.').waitFor()
    expect(await call(scene, 'GET', 'calendars')).toMatchObject({
      calendars: [{ calendar: { week, specialDays: [theirs, { date: '2027-01-01' }] } }],
    })

    const message = 'automatic-messages/CONSUMER_END_CONVERSATION'
    await call(scene, 'PUT', message, { text: 'Bye' })
    await page.goto(`${scene.url}/console/${scene.accountId}/automatic-messages`)
    await page
      .getByRole('row')
      .filter({ hasText: 'Bye' })
      .getByRole('button')
      .first()
      .press('Enter')
    await page.getByLabel('Text', { exact: true }).fill('See you')
    await call(scene, 'PUT', message, { text: 'Bye', active: false })
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const { settings } = await call<{ settings: object[] }>(scene, 'GET', 'automatic-messages')
    expect(settings).toMatchObject([{ text: 'See you', active: false }])
  },
)

test.skipIf(!hasBrowser)('skills of a survey and rules keep what a colleague has set', async () => {
  const scene = await anotherScene(served.server)
  const care = await call<{ skillId: string }>(scene, 'POST', 'skills', { name: 'care' })
  const repairs = await call<{ skillId: string }>(scene, 'POST', 'skills', { name: 'repairs' })
  const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
    name: 'After service',
    fallback: 'Choose one, please',
    questions: [{ id: 'csat', kind: 'CSAT', text: 'How was it?' }],
  })
  await using opened = await consoleAt(served.browser, scene, `/surveys/${surveyId}`)
  const { page } = opened
  await page.getByRole('checkbox', { name: 'care' }).press('Space')
  await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: [repairs.skillId] })
  await page.getByRole('button', { name: 'Save skills' }).press('Enter')
  await expect
    .poll(() => call(scene, 'GET', `surveys/${surveyId}`))
    .toMatchObject({ skillIds: expect.arrayContaining([care.skillId, repairs.skillId]) })

  const mail = {
    targetEmail: 'lead@example.com',
    senderName: 'Shop',
    senderEmail: 'noreply@example.com',
    subject: 'A chat',
  }
  const rule = { ruleId: 'one', mail }
  await call(scene, 'PUT', 'transcript-settings', { rules: [rule] })
  await page.goto(`${scene.url}/console/${scene.accountId}/mail?view=transcripts`)
  await page.getByRole('button', { name: 'Edit one' }).press('Enter')
  await page.getByLabel('Subject').fill('Another chat')
  const rules = [
    { ...rule, enabled: false },
    { ...rule, ruleId: 'two' },
  ]
  await call(scene, 'PUT', 'transcript-settings', { rules })
  // The page has heard of it: what the dialog began with counts all the same.
  await page.getByText('two', { exact: true }).first().waitFor({ state: 'attached' })
  await page.getByLabel('Subject').press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await call(scene, 'GET', 'transcript-settings')).toMatchObject({
    rules: [
      { ruleId: 'one', enabled: false, mail: { subject: 'Another chat' } },
      { ruleId: 'two' },
    ],
  })
})

test.skipIf(!hasBrowser)('connectors and bots keep what a colleague has set', async () => {
  const scene = await anotherScene(served.server)
  const functionId = await lambdasOf(scene).deployed(ANSWERS, { name: 'good_bot' })
  const { skillId } = await call<{ skillId: string }>(scene, 'POST', 'skills', { name: 'care' })
  const escalation = {
    skillId,
    messageToCustomer: 'A person helps',
    messageToAgent: '',
    transferFailureMessage: '',
  }
  const { connectorId } = await call<{ connectorId: string }>(scene, 'POST', 'connectors', {
    name: 'Orders',
    skillIds: [skillId],
    vendor: { kind: 'function', functionId },
    channels: ['messaging', 'chat'],
    welcome: false,
    engagementAttributes: false,
    escalation,
  })
  await using opened = await consoleAt(served.browser, scene, `/bots/connectors/${connectorId}`)
  const { page } = opened
  const saved = page.getByText('Saved.', { exact: true })
  const toConsumer = page.getByLabel('Says to the consumer')
  await toConsumer.fill('Wait')
  const theirs = { ...escalation, messageToAgent: 'of them' }
  await call(scene, 'PATCH', `connectors/${connectorId}`, { welcome: true, escalation: theirs })
  await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
  await saved.waitFor()
  const both = { ...theirs, messageToCustomer: 'Wait' }
  const stored = () => call(scene, 'GET', `connectors/${connectorId}`)
  expect(await stored()).toMatchObject({ welcome: true, escalation: both })
  // What came with the answer is not taken back by the next one.
  await expect.poll(() => page.getByLabel('Says to the agent').inputValue()).toBe('of them')

  const file = JSON.parse(readFileSync(PIZZA, 'utf8')) as object
  const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', file)
  await page.goto(`${scene.url}/console/${scene.accountId}/bots/${botId}`)
  await heading(page, 'Pizza')
  await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).press('Enter')
  await toConsumer.fill('Wait')
  await call(scene, 'PATCH', `bots/${botId}`, { skillIds: [skillId], escalation: theirs })
  await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
  await saved.waitFor()
  expect(await call(scene, 'GET', `bots/${botId}`)).toMatchObject({
    skillIds: [skillId],
    escalation: both,
  })
})

test.skipIf(!hasBrowser)('settings of a function keep what a colleague has saved', async () => {
  const scene = await anotherScene(served.server)
  const care = await call<{ skillId: string }>(scene, 'POST', 'skills', { name: 'care' })
  const event = { name: 'greeter', eventId: 'controllerbot_messaging_new_conversation' }
  const { uuid: functionId } = await lambdasOf(scene).create(ANSWERS, event)
  const path = `functions/${functionId}`
  const { version } = await call<{ version: number }>(scene, 'GET', path)
  await using opened = await consoleAt(served.browser, scene, `/${path}`)
  const { page } = opened
  await page.getByRole('button', { name: 'Name and skills of greeter' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: 'Support' }).press('Space')
  await dialog.getByLabel('Description').fill('Greets everybody')
  const code = ANSWERS.replace('Hello', 'Hi')
  await call(scene, 'PATCH', path, { version, code, name: 'host', skills: [care.skillId] })
  await dialog.getByRole('button', { name: 'Save the settings' }).press('Enter')
  await page.getByText('The settings are saved.').waitFor()
  await page.getByRole('textbox', { name: /Source of host/ }).waitFor({ state: 'attached' })
  expect(await call(scene, 'GET', path)).toMatchObject({
    name: 'host',
    description: 'Greets everybody',
    code,
    skills: [care.skillId, expect.any(String)],
  })
})

test.skipIf(!hasBrowser)(
  'the look of the consumer page keeps what a colleague has saved, and what is typed while it is saved',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/consumer-page')
    const { page } = opened
    const texts = page.getByRole('group', { name: 'Texts in English' })
    const title = texts.getByLabel('Title', { exact: true })
    const sites = page.getByLabel('Sites that may embed the page')
    await title.fill('Help')
    await sites.fill('https://mine.example')
    const theirs = { accent: '#123456', allowedSites: ['https://theirs.example'] }
    await call(scene, 'PATCH', 'settings', { consumerPage: theirs })
    await expect
      .poll(() => page.getByLabel('Colour on light pages', { exact: true }).inputValue())
      .toBe('#123456')

    const held = Promise.withResolvers<void>()
    await page.route(/\/settings$/, async (route) => {
      if (route.request().method() === 'PATCH') await held.promise
      await route.continue()
    })
    const sent = page.waitForRequest((request) => request.method() === 'PATCH')
    await title.press('Enter')
    await sent
    await title.fill('Help at once')
    held.resolve()
    await page.getByText('Saved. Pages that').waitFor()
    const look = async () =>
      (await call<{ consumerPage: object }>(scene, 'GET', 'settings')).consumerPage
    expect(await look()).toMatchObject({
      accent: '#123456',
      allowedSites: ['https://theirs.example', 'https://mine.example'],
      texts: { en: { title: 'Help' } },
    })
    expect(await title.inputValue()).toBe('Help at once')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await expect.poll(look).toMatchObject({ texts: { en: { title: 'Help at once' } } })
  },
)

test.skipIf(!hasBrowser)(
  'rights, scopes and skills that a colleague takes away while a dialog is open do not come back',
  async () => {
    const scene = await anotherScene(served.server)
    const [care, repairs, orders] = await Promise.all(
      ['care', 'repairs', 'orders'].map(async (name) => {
        const { skillId } = await call<{ skillId: string }>(scene, 'POST', 'skills', { name })
        return skillId
      }),
    )
    const { keyId } = await call<{ keyId: string }>(scene, 'POST', 'api-keys', {
      name: 'jobs',
      permissions: ['function:read', 'function:write'],
    })
    const { clientId } = await call<{ clientId: string }>(scene, 'POST', 'clients', {
      name: 'shop',
      scopes: ['faas.lambda.invoke', 'conversation.read'],
    })
    const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', {
      loginName: 'lee',
      nickname: 'Lee',
      role: 'agent',
      skillIds: [care, repairs],
    })
    await using opened = await consoleAt(served.browser, scene, '/access?show=keys')
    const { page } = opened
    const dialog = page.getByRole('dialog')
    const change = async (button: string, box: string, theirs: () => Promise<unknown>) => {
      await page.getByRole('button', { name: button, exact: true }).press('Enter')
      await dialog.getByRole('checkbox', { name: box, exact: true }).press('Space')
      await theirs()
      await dialog.getByRole('button', { name: 'Save' }).press('Enter')
      await dialog.waitFor({ state: 'detached' })
    }
    await change('Change jobs', 'secret:read', () =>
      call(scene, 'PATCH', `api-keys/${keyId}`, { permissions: ['function:read'] }),
    )
    const { apiKeys } = await call<{ apiKeys: object[] }>(scene, 'GET', 'api-keys')
    expect(apiKeys).toContainEqual(
      expect.objectContaining({ keyId, permissions: ['function:read', 'secret:read'] }),
    )
    await page.goto(`${scene.url}/console/${scene.accountId}/access?show=applications`)
    await change('Change shop', 'account.read', () =>
      call(scene, 'PATCH', `clients/${clientId}`, { scopes: ['faas.lambda.invoke'] }),
    )
    const { clients } = await call<{ clients: object[] }>(scene, 'GET', 'clients')
    expect(clients).toContainEqual(
      expect.objectContaining({ clientId, scopes: ['faas.lambda.invoke', 'account.read'] }),
    )
    await page.goto(`${scene.url}/console/${scene.accountId}/users`)
    await change('Edit Lee', 'orders', () =>
      call(scene, 'PATCH', `users/${userId}`, { skillIds: [repairs] }),
    )
    const { skillIds } = await call<{ skillIds: string[] }>(scene, 'GET', `users/${userId}`)
    expect(new Set(skillIds)).toEqual(new Set([repairs, orders]))
  },
)
