import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anotherScene, call, lambdasOf, type Scene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, heading, pick } from './console.fixture.ts'
import { fails } from './failing.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// A page says what holds now, in its own language.

const served = servedConsole()

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).first()

const addedConnector = async (scene: Scene) => {
  const functionId = await lambdasOf(scene).deployed('function lambda(input, callback) {}')
  const { connectorId } = await call<{ connectorId: string }>(scene, 'POST', 'connectors', {
    name: 'Order bot',
    vendor: { kind: 'function', functionId },
    skillIds: ['1001'],
    channels: ['messaging'],
    welcome: false,
    engagementAttributes: false,
    escalation: {
      skillId: '1002',
      messageToCustomer: '',
      messageToAgent: '',
      transferFailureMessage: '',
    },
  })
  return `/bots/connectors/${connectorId}`
}

const addedSurvey = async (scene: Scene) => {
  const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
    name: 'After service',
    fallback: 'Choose one, please',
    questions: [{ id: 'csat', kind: 'CSAT', text: 'How was it?' }],
  })
  return `/surveys/${surveyId}`
}

const savedAt = (path: string) => () => Promise.resolve(path)

test
  .skipIf(!hasBrowser)
  .for<
    [what: string, path: (scene: Scene) => Promise<string>, label: RegExp, texts: [string, string]]
  >([
    ['a connector', addedConnector, /^Name/, ['One', 'Another']],
    ['chats', savedAt('/mail?view=chat'), /nobody writes/, ['60', '90']],
    ['transcripts', savedAt('/mail?view=transcripts'), /Returned/, ['a@shop.test', 'b@shop.test']],
    ['limits', savedAt('/limits'), /^Log entries of a run/, ['20', '30']],
    ['the account', savedAt('/account'), /^Name/, ['One', 'Another']],
    ['the consumer page', savedAt('/consumer-page'), /^Title/, ['One', 'Another']],
    ['a survey', addedSurvey, /^Name/, ['One', 'Another']],
    ['sessions', savedAt('/access?show=lives'), /^Session of/, ['10', '11']],
  ])('%s: that it was saved is not said of what is typed afterwards', async (given) => {
  const [, path, label, [first, second]] = given
  const scene = await anotherScene(served.server)
  await using opened = await consoleAt(served.browser, scene, await path(scene))
  const { page } = opened
  const field = page.getByRole('main').getByLabel(label).first()
  const said = page.getByRole('status').filter({ hasText: /saved|Saved/ })
  await field.fill(first)
  await save(page).press('Enter')
  await said.waitFor()

  await field.fill(second)
  await said.waitFor({ state: 'detached' })
  await fails(page, /\/api\/v1\/accounts\//, (method) => method !== 'GET')
  await save(page).press('Enter')
  await page.getByRole('alert').getByText('Something failed').first().waitFor()
  expect(await said.count()).toBe(0)
  await page.unroute(/\/api\/v1\/accounts\//)
  await save(page).press('Enter')
  await said.waitFor()
})

test.skipIf(!hasBrowser)(
  'a survey that the page reads again before it hears that it was saved is said to be saved, not to be the same',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, await addedSurvey(scene))
    const { page } = opened
    const survey = /\/surveys\/\d+$/
    await page.getByRole('main').getByLabel(/^Name/).first().fill('Another')
    await page.route(survey, async (route) => {
      if (route.request().method() === 'GET') return await route.continue()
      const isRead = page.waitForResponse(
        (one) => survey.test(one.url()) && one.request().method() === 'GET',
      )
      const response = await route.fetch()
      await isRead
      await page.getByRole('heading', { level: 1, name: 'Another' }).waitFor()
      await route.fulfill({ response })
    })
    await save(page).press('Enter')
    const said = page.getByRole('status').filter({ hasText: /is saved|has changed/ })
    await expect.poll(() => said.textContent()).toContain('Revision 2 is saved')
  },
)

test.skipIf(!hasBrowser)(
  'a number of live chats may be emptied while another one is written',
  async () => {
    const scene = await anotherScene(served.server)
    const before = await call<object>(scene, 'GET', 'chat-settings')
    await using opened = await consoleAt(served.browser, scene, '/mail?view=chat')
    const { page } = opened
    const silence = page.getByLabel(/nobody writes/)
    await silence.fill('')
    expect(await silence.inputValue()).toBe('')
    await save(page).press('Enter')
    await page.getByRole('alert').getByText('silenceAfterMs').waitFor()
    expect(await silence.inputValue()).toBe('')
    await silence.pressSequentially('30')
    await save(page).press('Enter')
    await page.getByText('A chat gets the survey').waitFor()
    expect(await call(scene, 'GET', 'chat-settings')).toEqual({
      ...before,
      silenceAfterMs: 30_000,
    })
  },
)

test.skipIf(!hasBrowser).for([
  ['conversations at once', '/users', /^Edit /, 'Conversations at once'],
  ['the time of a message', '/automatic-messages', /^Change: Waits long/, 'After'],
] as const)('%s, emptied, is asked for and not saved as 0', async ([, path, open, label]) => {
  const scene = await anotherScene(served.server)
  await using opened = await consoleAt(served.browser, scene, path)
  const { page } = opened
  await page.getByRole('main').getByRole('button', { name: open }).first().press('Enter')
  const dialog = page.getByRole('dialog')
  const own = dialog.getByRole('checkbox', { name: 'A time of its own' })
  if (path === '/automatic-messages') await own.press('Space')
  const field = dialog.getByLabel(label, { exact: true })
  await field.fill('')
  expect(await field.inputValue()).toBe('')
  await dialog.getByRole('button', { name: 'Save' }).press('Enter')
  await dialog.locator('input:invalid').waitFor()
  await field.pressSequentially('7')
  await dialog.getByRole('button', { name: 'Save' }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  const kept = JSON.stringify(await call<object>(scene, 'GET', path.slice(1)))
  expect(kept).toMatch(/"(maxSlots|time)":7\b/)
})

test.skipIf(!hasBrowser)(
  'two rows of a skill map with the same skill of the export, and one without any, are told and not saved',
  async () => {
    const scene = await anotherScene(served.server)
    const file = join(import.meta.dirname, '../builder-bots/help-desk.json')
    const { botId } = await call<{ botId: string }>(
      scene,
      'POST',
      'bots',
      JSON.parse(readFileSync(file, 'utf8')) as object,
    )
    await call(scene, 'PATCH', `bots/${botId}`, { skillMap: { sales: '1001' } })
    await using opened = await consoleAt(served.browser, scene, `/bots/${botId}?show=settings`)
    const { page } = opened
    const map = page.getByRole('group', { name: 'Skills of the export' })
    const there = map.getByLabel('Skill there')
    const kept = async () =>
      (await call<{ skillMap: object }>(scene, 'GET', `bots/${botId}`)).skillMap

    await map.getByRole('button', { name: 'Add', exact: true }).press('Enter')
    await map
      .getByRole('button', { name: /Skill here$/ })
      .nth(1)
      .press('Enter')
    const { skills } = await call<{ skills: { skillId: string; name: string }[] }>(
      scene,
      'GET',
      'skills',
    )
    await pick(page, { name: skills.find(({ skillId }) => skillId === '1002')?.name ?? '' })
    await save(page).press('Enter')
    await map.getByText('must not be empty').waitFor()
    await there.nth(1).fill('sales')
    await map.getByText('Another row has the same skill').waitFor()
    await save(page).press('Enter')
    await page.getByRole('alert').getByText('1 field is invalid.').waitFor()
    expect(await there.count()).toBe(2)
    expect(await kept()).toEqual({ sales: '1001' })

    await there.nth(1).fill('service')
    await save(page).press('Enter')
    await page.getByText('Saved.', { exact: true }).waitFor()
    expect(await kept()).toEqual({ sales: '1001', service: '1002' })
  },
)

test.skipIf(!hasBrowser)(
  'numbers are written in the language of the page, whatever that of the browser',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/skills', { locale: 'fr-FR' })
    const { page } = opened
    const main = page.getByRole('main')
    await heading(page, 'Skills')
    await page.route(/\/usage$/, async (route) => {
      const json: object = await (await route.fetch()).json()
      await route.fulfill({
        json: { ...json, functions: 5_678, monthSucceeded: 1_234_000, monthFailed: 2_345 },
      })
    })
    await page.route(/\/board\?/, async (route) => {
      const json: object = await (await route.fetch()).json()
      const queue = { skillId: '1001', waiting: 1_234, late: 0, targetMs: 60_000 }
      const queues = [{ ...queue, withPeople: 3_456, withBots: 4_567 }]
      await route.fulfill({ json: { ...json, queues } })
    })
    await page.goto(`${scene.url}/console/${scene.accountId}/home`)
    await main.getByText('2,345 failed').waitFor()
    await main.getByText('1,236,345').waitFor()
    await main.getByText('5,678').waitFor()
    await main.getByText('of 1,000,000').first().waitFor()
    await page.goto(`${scene.url}/console/${scene.accountId}/board`)
    const cells = main.getByRole('table', { name: 'Queues' }).getByRole('cell')
    for (const name of ['1,234', '3,456', '4,567']) {
      await cells.getByText(name, { exact: true }).waitFor()
    }
  },
)

test.skipIf(!hasBrowser).for([
  ['runs', 'Function', '/runs'],
  ['logs', 'Function', '/logs'],
  ['schedules', 'Function', '/schedules'],
  ['events of runs', 'Event', '/runs'],
  ['conversations', 'Skill', '/conversations'],
  ['automatic messages', 'Skill', '/automatic-messages'],
  ['users', 'Skill', '/users'],
  ['the tag of the consumer page', 'Skill', '/consumer-page'],
] as const)('%s: that the list of a filter could not be read is told', async ([, label, path]) => {
  const scene = await anotherScene(served.server)
  await using opened = await consoleAt(served.browser, scene, '/home')
  const { page } = opened
  const filters = page.getByRole('main').locator('.filters')
  await heading(page, 'Home')
  const list = {
    Function: /\/accounts\/\w+\/functions$/,
    Event: /\/function-events$/,
    Skill: /\/accounts\/\w+\/skills$/,
  }[label]
  await fails(page, list)
  await page.goto(`${scene.url}/console/${scene.accountId}${path}`)
  const again = filters.getByRole('alert').getByRole('button', { name: 'Try again' })
  await again.waitFor()
  // It is read again by itself, too: whoever presses the button may come too late.
  await page.unroute(list)
  await page.reload()
  const filter = filters.getByRole('button', { name: new RegExp(`${label}$`) })
  await filter.waitFor()
  expect(await filters.getByRole('alert').count()).toBe(0)
})

test.skipIf(!hasBrowser).for([
  ['Function', '/runs?functionId=gone', /\/accounts\/\w+\/functions$/],
  ['Event', '/runs?eventId=gone', /\/function-events$/],
  ['Skill', '/conversations?skill=gone', /\/accounts\/\w+\/skills$/],
] as const)(
  '%s: a filter in force is shown and can be taken away while its list cannot be read',
  async ([label, path, list]) => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    await fails(page, list)
    await page.goto(`${scene.url}/console/${scene.accountId}${path}`)
    const filters = page.getByRole('main').locator('.filters')
    await filters.getByRole('alert').waitFor()
    await filters.getByRole('button', { name: new RegExp(`gone ${label}$`) }).press('Enter')
    const all = page.getByRole('option', { name: 'All' })
    await all.waitFor()
    // The list is read again as soon as somebody comes back to the page; what is open stays open.
    const again = page.waitForResponse(list)
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
    await again
    await filters.getByRole('alert').waitFor()
    await all.press('Enter')
    await expect.poll(() => new URL(page.url()).search).toBe('')
  },
)

test.skipIf(!hasBrowser)(
  'the guide offers no first function while it is not known which there are',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/skills')
    const { page } = opened
    await heading(page, 'Skills')
    const list = /\/accounts\/\w+\/functions$/
    await fails(page, list)
    await page.goto(`${scene.url}/console/${scene.accountId}/home?guide=true`)
    const guide = page.getByRole('region', { name: 'Your first live answer' })
    const again = guide.getByRole('alert').getByRole('button', { name: 'Try again' })
    const make = guide.getByRole('button', { name: 'Create and deploy' })
    await again.waitFor()
    expect(await make.count()).toBe(0)
    // It is read again by itself, too: whoever presses the button may come too late.
    await page.unroute(list)
    await page.reload()
    await make.waitFor()
  },
)
