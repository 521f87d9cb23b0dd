import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { call, lambdasOf, type Scene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFindings } from './axe.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { mailedChat } from './console-chats.fixture.ts'
import { greeted } from './console-conversations.fixture.ts'
import { givenRuns } from './console-runs.fixture.ts'
import { checkOnPhone, consoleAt, openConsole } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// Every page that has an address, in every look. What opens on a page is checked where it is used.

const served = servedConsole()

const ROUTES = fileURLToPath(new URL('../../apps/console/src/studio/routes/*.tsx', import.meta.url))
const HELP_DESK = new URL('../builder-bots/help-desk.json', import.meta.url)
const sources = globSync(ROUTES).map((file) => readFileSync(file, 'utf8'))
const paths = sources.flatMap((text) =>
  [...text.matchAll(/createRoute\(\{[^}]*?\bpath: '([^']+)'/g)].map(([, path = '']) => path),
)
/** What is around every page is no page. */
const pages = paths.filter((path) => path !== '/$accountId').toSorted()

const LOOKS = [
  { name: 'light', colorScheme: 'light', rules: 'all' },
  { name: 'dark', colorScheme: 'dark', rules: 'colours' },
  { name: 'high contrast', colorScheme: 'dark', contrast: 'more', rules: 'colours' },
  {
    name: 'colours of the system',
    colorScheme: 'dark',
    contrast: 'more',
    forcedColors: 'active',
    rules: 'colours',
  },
] as const

let scene: Scene
let ids: Record<string, string>
let opened: Awaited<ReturnType<typeof consoleAt>>
let phone: Awaited<ReturnType<typeof consoleAt>>
beforeAll(async () => {
  if (!hasBrowser) return
  const stage = await givenRuns(served.server)
  scene = stage
  ids = await fill(stage)
  opened = await consoleAt(served.browser, scene, '/home')
  phone = await consoleAt(served.browser, scene, '/home', {
    viewport: { width: 390, height: 844 },
    locale: 'de-DE',
  })
})
afterAll(async () => {
  await opened?.[Symbol.asyncDispose]()
  await phone?.[Symbol.asyncDispose]()
})

/** Something to show on every page; the ids that stand in addresses. */
async function fill(stage: Scene & { functionId: string }): Promise<Record<string, string>> {
  const { functionId } = stage
  const conversationId = await greeted(
    stage,
    `try { await fetch('https://api.shop.example/') } catch (error) { console.warn(error.message) }
     callback(null, [{ type: 'systemMessage', text: 'Guten Tag' }, { type: 'systemMessage', text: 'Noch einmal' }])`,
    'Grüß Gott',
  )
  await call(stage, 'POST', 'secrets', { name: 'shop-key', value: 'x' })
  await call(stage, 'POST', 'schedules', { functionId, cronExpression: '0 4 * * *' })
  await served.server.context.store.db
    .insertInto('deadLetter')
    .values({
      accountId: stage.accountId,
      source: 'outbox',
      name: 'controller-bot',
      lane: conversationId,
      facts: { conversation: { conversationId } },
      attempts: 4,
      firstAttemptAt: new Date(),
      deadAt: new Date(),
      cause: 'Nobody is there',
    })
    .execute()
  const { invocations } = (await lambdasOf(stage).native('GET', '/invocations')).json<{
    invocations: { recordId: string }[]
  }>()
  return {
    accountId: stage.accountId,
    functionId,
    conversationId,
    chatId: await mailedChat(stage, 'Wo bleibt die Lampe?'),
    recordId: invocations[0]?.recordId ?? '',
    ...(await fillBots(stage)),
  }
}

/** A connector, a bot with something that does not run, a survey, an application and a key. */
async function fillBots(stage: Scene & { functionId: string }) {
  const { skills } = await call<{ skills: { skillId: string }[] }>(stage, 'GET', 'skills')
  const skillId = skills[0]?.skillId ?? ''
  const { connectorId } = await call<{ connectorId: string }>(stage, 'POST', 'connectors', {
    name: 'Order bot',
    skillIds: [skillId],
    channels: ['messaging'],
    welcome: true,
    engagementAttributes: false,
    vendor: { kind: 'function', functionId: stage.functionId },
    escalation: {
      skillId,
      messageToCustomer: 'A human will help you',
      messageToAgent: '',
      transferFailureMessage: '',
    },
  })
  const file: unknown = JSON.parse(readFileSync(HELP_DESK, 'utf8'))
  const { botId } = await call<{ botId: string }>(stage, 'POST', 'bots', file)
  const { surveyId } = await call<{ surveyId: number }>(stage, 'POST', 'surveys', {
    name: 'After service',
    fallback: 'Choose one, please',
    questions: [
      {
        id: 'csat',
        kind: 'CSAT',
        text: 'How satisfied are you?',
        branches: [{ answers: ['5'], goTo: 'end' }],
      },
      { id: 'why', kind: 'free-text', text: 'Why?', optional: true },
    ],
  })
  await call(stage, 'POST', 'clients', { name: 'Shop' })
  await call(stage, 'POST', 'api-keys', { name: 'Nightly report' })
  return { connectorId, botId, surveyId: String(surveyId) }
}

/** Goes there, and waits until what it shows has come. */
async function goTo(page: Page, path: string): Promise<void> {
  const base = path.startsWith('/set-password/') ? '' : `/${scene.accountId}`
  const address = path.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const id = ids[name]
    if (id === undefined) throw new Error(`This test has no ${name} for the route ${path}`)
    return id
  })
  const asked = new Set<unknown>()
  const isStream = (url: string) => /\/(tail|updates)\b/.test(url)
  const begin = (one: { url(): string }) => isStream(one.url()) || asked.add(one)
  const end = (one: unknown) => asked.delete(one)
  page.on('request', begin).on('requestfinished', end).on('requestfailed', end)
  await page.goto(`${scene.url}/console${base}${address}`)
  await page.locator('main h1').waitFor()
  await expect.poll(() => asked.size).toBe(0)
  for (const text of ['Loading…', 'Wird geladen …']) {
    await expect.poll(() => page.locator('main').getByText(text).count()).toBe(0)
  }
  page.off('request', begin).off('requestfinished', end).off('requestfailed', end)
}

async function findings(page: Page) {
  const found: Record<string, unknown> = {}
  for (const { name, rules, ...look } of LOOKS) {
    await page.emulateMedia(look)
    const here = await axeFindings(page, rules)
    if (here.length > 0) found[name] = here
  }
  await page.emulateMedia({ colorScheme: 'light', contrast: null, forcedColors: null })
  return found
}

/** What is seen and lower or narrower than a finger can hit. */
function tooSmall(buttons: (HTMLElement | SVGElement)[]): string[] {
  return buttons.flatMap((one) => {
    const { width, height } = one.getBoundingClientRect()
    const isSeen = width > 1 && height > 1
    return isSeen && Math.min(width, height) < 24 ? [`${height} px high: ${one.outerHTML}`] : []
  })
}

/** What cannot be read as a whole, or only by going to and fro. */
function cut(frames: (HTMLElement | SVGElement)[]): string[] {
  return frames
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    .map((frame) => frame.getAttribute('aria-label') ?? frame.textContent)
}

/** Fields that a phone enlarges the page for, since their letters are small. */
function small(fields: (HTMLElement | SVGElement)[]): string[] {
  return fields
    .filter((field) => Number.parseFloat(getComputedStyle(field).fontSize) < 16)
    .map((field) => field.outerHTML)
}

/** As the pictures of the documents are called. */
const pictureOf = (path: string) =>
  `console-phone-${path
    .slice(1)
    .replace('/$accountId', '')
    .replace(/\/\$\w+$/, '-one')
    .replace(/^.*\//, '')}`

test('the addresses of all pages are known', () => {
  const made = sources.join('').match(/\bcreateRoute\(/g) ?? []
  expect(paths).toHaveLength(made.length)
  expect(pages.length).toBeGreaterThan(15)
})

test.skipIf(!hasBrowser)('the sign-in has no findings in any look', async () => {
  await using before = await openConsole(served.browser, served.server.url, '')
  await before.page.getByLabel('Account').waitFor()
  expect(await findings(before.page)).toEqual({})
})

test.skipIf(!hasBrowser).each(pages)('%s has no findings in any look', async (path) => {
  await goTo(opened.page, path)
  expect(await findings(opened.page)).toEqual({})
  expect(await opened.page.locator('button').evaluateAll(tooSmall)).toEqual([])
})

test.skipIf(!hasBrowser).each(pages)(
  '%s fits a phone, in German, and has no findings there',
  async (path) => {
    await goTo(phone.page, path)
    await checkOnPhone(phone.page, pictureOf(path))
    expect(await phone.page.locator('.table-frame, .button').evaluateAll(cut)).toEqual([])
    expect(await phone.page.locator('.field :is(input, textarea)').evaluateAll(small)).toEqual([])
  },
)

test.skipIf(!hasBrowser)(
  'on a phone the header takes two rows, and all of it can be seen',
  async () => {
    await goTo(phone.page, '/home')
    const boxes = await phone.page.locator('header.top > :not(.space)').evaluateAll((parts) =>
      parts.map((part) => {
        const { top, bottom, right } = part.getBoundingClientRect()
        return { top, bottom, right }
      }),
    )
    let rows = 0
    let end = -1
    for (const { top, bottom } of boxes.toSorted((one, other) => one.top - other.top)) {
      if (top >= end) rows++
      end = Math.max(end, bottom)
    }
    expect(rows).toBe(2)
    expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThanOrEqual(390)
  },
)

test.skipIf(!hasBrowser).each([
  { path: '/skills', button: 'Zeiten setzen' },
  { path: '/users', button: 'Neuer Benutzer' },
  { path: '/home', button: 'Gehe zu …' },
])(
  'on a phone the dialog of $button has its buttons in sight, and all of its width',
  async ({ path, button }) => {
    const { page } = phone
    await goTo(page, path)
    await page.getByRole('button', { name: button }).click()
    const dialog = page.getByRole('dialog')
    const answers = dialog.locator('.dialog-actions .button')
    await answers.first().waitFor()
    const isLong = await page.locator('.modal').evaluate((one) => one.scrollHeight > innerHeight)
    expect(isLong).toBe(true)
    const lowest = (all: (HTMLElement | SVGElement)[]) =>
      Math.max(...all.map((one) => one.getBoundingClientRect().bottom))
    expect(await answers.evaluateAll(lowest)).toBeLessThanOrEqual(844)
    expect(await page.locator('.modal').evaluateAll(cut)).toEqual([])
    await answers.first().press('Enter')
    await dialog.waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser).each([
  { path: '/events', said: /^Ein Kunde hat ein Gespräch begonnen/ },
  { path: '/activity', said: 'Geheimnis angelegt shop-key' },
  { path: '/home', said: 'Zeitplan angelegt greeter' },
  { path: '/domains', said: 'api.shop.example steht nicht auf der Liste erlaubter Domains' },
  { path: '/bots/$botId', said: /^ruft askMaven in postProcessMessage auf: Das antwortet null/ },
])('in German $path tells in German what the server has told', async ({ path, said }) => {
  await goTo(phone.page, path)
  await phone.page.getByText(said).first().waitFor()
})

test.skipIf(!hasBrowser)(
  'a new survey tells what is wrong once somebody has tried, in German where that is spoken',
  async () => {
    const { page } = phone
    await goTo(page, '/surveys/new')
    // Its preview needs no name.
    await page.getByText('Wie zufrieden sind Sie mit diesem Gespräch?').last().waitFor()
    expect(await page.locator('[data-invalid]').count()).toBe(0)
    await page.getByRole('button', { name: 'Anlegen' }).click()
    await page.getByText('Darf nicht leer sein').waitFor()
  },
)
