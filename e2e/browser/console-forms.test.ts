import { anotherScene, call, lambdasOf, type Scene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, go, heading, pick } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// What somebody has typed into a page stays until it is saved or given up.

/** Of a date with its time, in a browser that writes "AM" behind it. */
const PARTS = 6

const served = servedConsole()

test.skipIf(!hasBrowser).for(['audit', 'conversations'])(
  'a time limits /%s when it is written to its end, and limits nothing more when it is taken out',
  async (path) => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(
      served.browser,
      scene,
      `/${path}?from=2026-10-10T09:00:00.000Z`,
      { timezoneId: 'UTC' },
    )
    const { page } = opened
    const from = page.getByLabel('From', { exact: true })
    const limit = () => new URL(page.url()).searchParams.get('from')

    await from.focus()
    // A month, or a day where browsers ask for it first, that is not written to its end.
    await page.keyboard.type('0')
    expect(await from.evaluate((field) => field.matches(':invalid'))).toBe(true)
    expect(await from.inputValue()).toBe('')
    await page.keyboard.type('9')
    await expect.poll(limit).toMatch(/^2026-(09-10|10-09)T09:00:00.000Z$/)
    await expect.poll(() => from.inputValue()).toBe(limit()?.slice(0, 16))

    await page.keyboard.press('ArrowLeft')
    for (let part = 0; part < PARTS; part++) {
      await page.keyboard.press('Delete')
      await page.keyboard.press('ArrowRight')
    }
    await page.getByLabel('To', { exact: true }).focus()
    await expect.poll(limit).toBeNull()
    await page.getByLabel('To', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Time' }).press('Enter')
    await pick(page, { name: 'Last hour' })
    await expect.poll(limit).not.toBeNull()
    await page.getByRole('button', { name: 'Time' }).press('Enter')
    await pick(page, { name: 'All', exact: true })
    await from.waitFor({ state: 'detached' })
    await expect.poll(limit).toBeNull()
  },
)

test.skipIf(!hasBrowser)(
  'who leaves a form with something typed in it is asked first, unless it is saved',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/surveys/new')
    const { page } = opened
    const name = page.getByLabel('Name', { exact: true })
    let answer = false
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void (answer ? dialog.accept() : dialog.dismiss())
    })

    await name.fill('After a conversation')
    await go(page, 'Home')
    await expect.poll(() => asked).toEqual(['confirm'])
    expect(await name.inputValue()).toBe('After a conversation')
    await page.evaluate('setTimeout(() => location.reload())')
    await expect.poll(() => asked).toEqual(['confirm', 'beforeunload'])
    expect(await name.inputValue()).toBe('After a conversation')

    await page.getByRole('button', { name: 'Create' }).press('Enter')
    await heading(page, 'After a conversation')
    await name.fill('Renamed')
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await heading(page, 'Renamed')
    await go(page, 'Limits')
    await heading(page, 'Limits and retention')
    expect(asked).toHaveLength(2)

    await page.getByRole('spinbutton').or(page.getByRole('textbox')).first().fill('17')
    answer = true
    await go(page, 'Home')
    await heading(page, 'Home')
    expect(asked).toHaveLength(3)
  },
)

const addedSurvey = async (scene: Scene) => {
  const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
    name: 'After service',
    fallback: 'Choose one, please',
    questions: [{ id: 'csat', kind: 'CSAT', text: 'How was it?' }],
  })
  return `/surveys/${surveyId}`
}

const addedFunction = async (scene: Scene) => {
  await lambdasOf(scene).deployed('function lambda(input, callback) { callback() }')
  return '/secrets'
}

/** Changes something on a page. Resolves to what says whether it is still there. */
type Change = (page: Page) => Promise<() => Promise<boolean>>

function filled(label: RegExp, text = '17'): Change {
  return async (page) => {
    const field = page.getByLabel(label)
    await field.fill(text)
    return async () => (await field.inputValue()) === text
  }
}

const addedVariable: Change = async (page) => {
  await page.getByRole('button', { name: 'Add a variable' }).press('Enter')
  return await filled(/Name of variable 1/)(page)
}

const tickedSkill: Change = async (page) => {
  const box = page.getByRole('checkbox', { name: 'Support' })
  await box.press('Space')
  return () => box.isChecked()
}

test.skipIf(!hasBrowser).for<[string, (scene: Scene) => Promise<string>, Change]>([
  ['settings of chats', async () => '/mail?view=chat', filled(/nobody writes/)],
  [
    'how transcripts leave',
    async () => '/mail?view=transcripts',
    filled(/Returned mails/, 'back@shop.test'),
  ],
  ['how long sessions live', async () => '/access?show=lives', filled(/Token of an application/)],
  ['a new function', async () => '/functions/new', filled(/^Description/)],
  ['environment variables', addedFunction, addedVariable],
  ['skills of a survey', addedSurvey, tickedSkill],
])('who leaves %s with something that is not saved is asked first', async ([, path, change]) => {
  const scene = await anotherScene(served.server)
  await using opened = await consoleAt(served.browser, scene, await path(scene))
  const { page } = opened
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void (asked.length > 1 ? dialog.accept() : dialog.dismiss())
  })
  const isThere = await change(page)

  await go(page, 'Home')
  await expect.poll(() => asked).toEqual(['confirm'])
  expect(await isThere()).toBe(true)
  await go(page, 'Home')
  await heading(page, 'Home')
  expect(asked).toEqual(['confirm', 'confirm'])
})

test.skipIf(!hasBrowser)(
  'a dialog with fields stays when somebody clicks beside it, and closes by Escape; a question goes by both',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/secrets')
    const { page } = opened
    await page.getByRole('button', { name: 'New secret' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('half-written')
    await page.mouse.click(20, 400)
    // A click is done when the page has answered to it: in the second frame after it.
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
    )
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('half-written')
    await dialog.getByLabel('Name', { exact: true }).fill('')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    await call(scene, 'POST', 'secrets', { name: 'to-delete', value: 'x' })
    await page
      .getByRole('button', { name: /Delete/ })
      .first()
      .press('Enter')
    await dialog.waitFor()
    await page.mouse.click(20, 400)
    await dialog.waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser).for([
  ['functions', 'Filter by name'],
  ['events', 'Filter by name'],
  ['skills', 'Find a skill by its name'],
  ['users', 'Name, login name or e-mail'],
  ['logs', 'Text'],
] as const)(
  'the filter of /%s keeps the cursor where somebody writes, and follows the address when it is left',
  async ([path, label]) => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, `/${path}`)
    const { page } = opened
    const field = page.getByLabel(label)
    const limit = () => [...new URL(page.url()).searchParams.values()].join()
    await field.fill('day')
    await expect.poll(limit).toBe('day')
    await field.press('Home')
    await page.keyboard.type('to')
    await expect.poll(limit).toBe('today')
    expect(await field.inputValue()).toBe('today')

    await page.getByRole('navigation').locator('[aria-current="page"]').press('Enter')
    await expect.poll(limit).toBe('')
    await expect.poll(() => field.inputValue()).toBe('')
  },
)

test.skipIf(!hasBrowser)(
  'what is wrong with a form is told in its language, and nothing that is hidden holds it back',
  async () => {
    const scene = await anotherScene(served.server)
    const path = '/bots/connectors/new'
    await using opened = await consoleAt(served.browser, scene, path, { locale: 'de-DE' })
    const { page } = opened
    const save = page.getByRole('button', { name: 'Anlegen' })
    const told = page.locator('.react-aria-FieldError, .bad')
    await save.press('Enter')
    await page.getByText('4 Felder stimmen nicht.').waitFor()
    expect(await told.allInnerTexts()).toEqual([
      'Darf nicht leer sein',
      'Darf nicht leer sein',
      'Mindestens 1 Eintrag',
      'Darf nicht leer sein',
      '4 Felder stimmen nicht.',
    ])

    await page.getByRole('button', { name: 'Was antwortet' }).press('Enter')
    await pick(page, { name: 'Ein Programm außerhalb' })
    await page.getByLabel('Adresse').fill('bot.example.com')
    await page.getByText('Muss eine Adresse mit http:// oder https:// sein').waitFor()
    await page.getByText('7 Felder stimmen nicht.').waitFor()

    await page.getByRole('checkbox', { name: 'Beendet stille Live-Chats' }).press('Space')
    await page.getByLabel('Warnt nach, Sekunden').fill('')
    await page.getByText('Muss eine Zahl sein').waitFor()
    await page.getByText('9 Felder stimmen nicht.').waitFor()
    await page.getByRole('checkbox', { name: 'Live-Chat', exact: true }).press('Space')
    await page.getByText('7 Felder stimmen nicht.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'what the server refuses is told in German, at its field and below the form',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/users', { locale: 'de-DE' })
    const { page } = opened
    await page.getByRole('button', { name: 'Neuer Benutzer' }).press('Enter')
    const { user } = scene.admin
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Anmeldename').fill(user)
    await page.keyboard.press('Enter')
    const refused = `Den Anmeldenamen „${user}“ hat schon jemand`
    await dialog.locator('.react-aria-FieldError').getByText(refused).waitFor()
    const notice = await dialog.getByRole('alert').innerText()
    expect(notice).toContain(refused)
    expect(notice).not.toContain('taken')
    expect(notice).toContain('409 conflict')
  },
)

test.skipIf(!hasBrowser)('a text that is too long to look for is told and stays', async () => {
  const scene = await anotherScene(served.server)
  await using opened = await consoleAt(served.browser, scene, '/logs')
  const { page } = opened
  const text = page.getByRole('searchbox', { name: 'Text' })
  await text.fill('x'.repeat(201))
  await page.getByText('Too long: 1 character too many.').waitFor()
  await page.getByRole('button', { name: 'Pause' }).focus()
  expect(await text.inputValue()).toHaveLength(201)
  expect(new URL(page.url()).search).toBe('')
  await text.fill('x'.repeat(200))
  await page.getByText('No line of the last day matches.').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})
