import { anotherScene, lambdasOf } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, heading, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// The keys of every page.

const served = servedConsole()

async function keys(page: Page, ...pressed: string[]): Promise<void> {
  for (const key of pressed) await page.keyboard.press(key)
}

test.skipIf(!hasBrowser)(
  'g and a letter lead to a page, a slash to its filter, a question mark to the list of keys',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    for (const [letter, title] of Object.entries({
      f: 'Functions',
      e: 'Events',
      c: 'Conversations',
      r: 'Runs',
      l: 'Logs',
      s: 'Schedules',
      m: 'Metrics',
      d: 'Delivery',
      a: 'Audit',
      h: 'Home',
    })) {
      await keys(page, 'g', letter)
      await heading(page, title)
    }
    await keys(page, 'g', 'f')
    await heading(page, 'Functions')
    await keys(page, '/')
    await page.keyboard.type('g h?/')
    const filter = page.getByRole('searchbox', { name: 'Filter by name' })
    expect(await filter.inputValue()).toBe('g h?/')
    await heading(page, 'Functions')

    await page.getByRole('heading', { level: 1 }).focus()
    await keys(page, '?')
    const help = page.getByRole('dialog', { name: 'Keys' })
    await help.getByText('Run the draft').waitFor()
    await help.getByText('Conversations').waitFor()
    await check(page, 'console-keys')
    // Who types by accident switches them off; Ctrl+K is not one letter.
    await help.getByRole('checkbox', { name: /one letter/ }).focus()
    await keys(page, 'Space', 'Escape')
    await help.waitFor({ state: 'detached' })
    await page.getByRole('heading', { level: 1 }).focus()
    await keys(page, 'g', 'h', '?')
    await keys(page, 'ControlOrMeta+k')
    await page.getByRole('dialog', { name: 'Go to' }).waitFor()
    await heading(page, 'Functions')
    expect(await help.count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'the palette leads to a page or a function by a part of its name, from a field and from a dialog’s button, too',
  async () => {
    const scene = await anotherScene(served.server)
    await lambdasOf(scene).create('function lambda() {}', { name: 'send_the_parcel' })
    await using opened = await consoleAt(served.browser, scene, '/conversations')
    const { page } = opened
    await heading(page, 'Conversations')
    await page.getByLabel('Words in a message').focus()
    await keys(page, 'ControlOrMeta+k')
    const palette = page.getByRole('dialog', { name: 'Go to' })
    await palette.getByRole('menuitem', { name: /send_the_parcel/ }).waitFor()
    await check(page, 'console-palette')
    await page.keyboard.type('sched')
    await expect.poll(() => palette.getByRole('menuitem').count()).toBe(1)
    await keys(page, 'Enter')
    await heading(page, 'Schedules')
    expect(await palette.count()).toBe(0)

    await page.getByRole('button', { name: 'Go to…' }).press('Enter')
    await page.keyboard.type('parcel')
    await expect.poll(() => palette.getByRole('menuitem').count()).toBe(1)
    await keys(page, 'Enter')
    await heading(page, 'send_the_parcel')
    // In the code, letters are text, and Ctrl+K begins keys of the code editor.
    await page.getByRole('textbox', { name: /Source of send_the_parcel/ }).focus()
    await page.keyboard.type('g?/')
    await page.getByText('Not saved', { exact: true }).waitFor()
    await heading(page, 'send_the_parcel')
    await page.getByRole('heading', { level: 1 }).focus()
    await keys(page, 'ControlOrMeta+k')
    await page.keyboard.type('nothing at all')
    await page.getByText('Nothing has that name.').waitFor()
    await keys(page, 'Escape', 'Escape')
    await palette.waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser)(
  'the palette draws some of very many functions, says how many more there are, and finds each of them',
  async () => {
    const scene = await anotherScene(served.server)
    const { create } = lambdasOf(scene)
    for (let n = 1; n <= 52; n++) await create('function lambda() {}', { name: `send_${n}` })
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    await keys(page, 'ControlOrMeta+k')
    const palette = page.getByRole('dialog', { name: 'Go to' })
    const functions = palette.getByRole('menuitem', { name: /send_/ })
    await palette.getByText('2 more functions: write a part of the name.').waitFor()
    expect(await functions.count()).toBe(50)
    await page.keyboard.type('SEND_52')
    await expect.poll(() => functions.count()).toBe(1)
    await keys(page, 'Enter')
    await heading(page, 'send_52')
  },
)

test.skipIf(!hasBrowser)('keys lead nowhere that the user may not go', async () => {
  const scene = await anotherScene(served.server)
  const user = { user: 'ada', password: 'a long enough password' }
  await lambdasOf(scene).native('POST', '/users', {
    loginName: user.user,
    password: user.password,
    role: 'agent-manager',
    profiles: ['FaaS-Invocation'],
  })
  await using opened = await consoleAt(served.browser, scene, '/home', { user })
  const { page } = opened
  await heading(page, 'Home')
  await keys(page, 'g', 'a', 'g', 'd', 'g', 's')
  await heading(page, 'Schedules')
  await keys(page, 'ControlOrMeta+k')
  const items = page.getByRole('dialog').getByRole('menuitem')
  await items.first().waitFor()
  const names = await items.allTextContents()
  expect(names.join()).toContain('Events')
  expect(names.join()).not.toMatch(/Audit|Delivery|Secrets|New function/)
})

test.skipIf(!hasBrowser)('what a page does is listed by Ctrl+J, and done by a letter', async () => {
  const scene = await anotherScene(served.server)
  const { uuid } = await lambdasOf(scene).create(
    'function lambda(input, callback) { callback() }',
    {
      name: 'quick',
    },
  )
  await using opened = await consoleAt(served.browser, scene, `/functions/${uuid}`)
  const { page } = opened
  await page.getByRole('textbox', { name: /Source of quick/ }).focus()
  await keys(page, 'ControlOrMeta+j')
  const actions = page.getByRole('dialog', { name: 'What this page does' })
  await actions.getByRole('menuitem', { name: /^Deploy/ }).waitFor()
  await actions.getByRole('menuitem', { name: /^Choose an input/ }).waitFor()
  await actions.getByRole('menuitem', { name: /^Name and skills of quick/ }).waitFor()
  // There is nothing to save.
  expect(await actions.getByRole('menuitem', { name: /^Save$/ }).count()).toBe(0)
  await check(page, 'console-actions')
  await keys(page, 'd')
  await page.getByRole('heading', { name: 'Deploy this draft?' }).waitFor()
  await pressInDialog(page, 'Enter')
  await page.getByText('Version 1 is live.').waitFor()
})

test.skipIf(!hasBrowser)(
  'Escape closes a dialog also in the moment in which the button that had the focus is switched off',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    await keys(page, '?')
    const help = page.getByRole('dialog', { name: 'Keys' })
    await help.getByRole('checkbox', { name: /one letter/ }).focus()
    // The moment lasts until the page is drawn twice: it stays, for this test.
    await page.evaluate(`requestAnimationFrame = () => 0; document.activeElement.disabled = true`)
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('BODY')
    await keys(page, 'Escape')
    await help.waitFor({ state: 'detached', timeout: 10_000 })
  },
)
