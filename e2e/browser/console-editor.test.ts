import { anotherScene, call, lambdasOf, type Scene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { WELCOME } from './console-conversations.fixture.ts'
import { check, consoleAt, go, heading, pressInDialog } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// What the editor knows of the event and of the toolbelt while somebody writes.

const served = servedConsole()

const JAVASCRIPT = `const { Toolbelt } = require('lp-faas-toolbelt')

function lambda(input, callback) {
  
  callback(null, [])
}`

/** A function in the editor, whose cursor stands in its empty line. */
async function editorOf(scene: Scene, code: string, eventId?: string) {
  const { uuid } = await lambdasOf(scene).create(code, {
    name: 'writer',
    ...(eventId !== undefined && { eventId }),
  })
  const opened = await consoleAt(served.browser, scene, `/functions/${uuid}`)
  const { keyboard } = opened.page
  await opened.page.getByRole('textbox', { name: /Source of writer/ }).focus()
  await keyboard.press('ControlOrMeta+Home')
  const empty = code.split('\n').findIndex((line) => line === '  ')
  for (let at = 0; at < empty; at++) await keyboard.press('ArrowDown')
  await keyboard.press('End')
  return opened
}

const proposal = (page: Page, name: string) =>
  page.locator('.suggest-widget .monaco-list-row').filter({ hasText: new RegExp(`^${name}`) })

/** Types a part of the name, which the checker of JavaScript proposes once it has started; takes it when it has said what it is. */
async function complete(page: Page, typed: string, name: string, about: string): Promise<void> {
  await page.keyboard.type(typed + name.slice(0, -1))
  await proposal(page, name).first().waitFor()
  const details = page.locator('.suggest-details')
  await expect
    .poll(async () => {
      if (!(await details.isVisible())) await page.keyboard.press('ControlOrMeta+Space')
      return await details.isVisible()
    })
    .toBe(true)
  await details.getByText(about).first().waitFor()
  await page.keyboard.press('Enter')
}

test.skipIf(!hasBrowser)(
  'members of the event’s payload are completed with what they mean, and explained where they stand',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await editorOf(scene, JAVASCRIPT, WELCOME)
    const { page } = opened
    await page.keyboard.type('input.payload.')
    for (const section of ['general', 'start', 'routing', 'ttr']) {
      await proposal(page, section).waitFor()
    }
    await page.keyboard.press('Escape')
    await complete(page, 'start.', 'firstConversation', 'first one of this consumer')
    await page.getByText('input.payload.start.firstConversation').waitFor()
    // At the name that stands there.
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.press('ControlOrMeta+i')
    await page.locator('.monaco-hover').getByText('first one of this consumer').waitFor()
    await page.locator('.monaco-hover').getByText(': boolean').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'clients of the toolbelt are completed with what they do, however it is taken in',
  async () => {
    const scene = await anotherScene(served.server)
    await using required = await editorOf(scene, JAVASCRIPT)
    await complete(required.page, 'Toolbelt.', 'SecretClient', 'SecretClient')
    await complete(required.page, '().', 'readSecret', 'The secret as it is now; never cached.')

    await using imported = await editorOf(
      await anotherScene(served.server),
      `import { Toolbelt } from 'core-functions-toolbelt'\n\nexport async function lambda(input) {\n  \n}`,
    )
    await complete(
      imported.page,
      'Toolbelt.ConversationUtil().',
      'getConversationById',
      'Reads a conversation from the messaging history.',
    )
  },
)

test.skipIf(!hasBrowser)(
  'whoever types “Snippet” is offered patterns of code, which take in what they need and run as they stand',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'POST', 'secrets', { name: 'crm-token', type: 'text', value: 'secret' })
    const plain = `// Of the shop\nfunction lambda(input, callback) {\n  \n  callback(null, 'ok')\n}`
    await using opened = await editorOf(scene, plain)
    const { page } = opened
    await page.keyboard.type('Snippet')
    await proposal(page, 'HTTP Snippet').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+Space')
    await proposal(page, 'HTTP Snippet').waitFor()
    await page.keyboard.type('ReadSec')
    await proposal(page, 'HTTP Snippet').waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    // At the place to fill in.
    await page.keyboard.type('crm-token')
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+Enter')
    await page.getByText('Version 2 is saved.').waitFor()
    await page.getByRole('region', { name: 'Result' }).getByText('ok').waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1)
    const { code } = await call<{ code: string }>(scene, 'GET', `functions/${id}`)
    expect(code).toBe(`// Of the shop
const { Toolbelt } = require('lp-faas-toolbelt');
async function lambda(input, callback) {
  const { value } = await Toolbelt.SecretClient().readSecret('crm-token');
  callback(null, 'ok')
}`)

    // Members of something are none.
    await page.keyboard.type(' input.s')
    await page.keyboard.press('ControlOrMeta+Space')
    await page
      .locator('.suggest-widget')
      .getByText('No suggestions.')
      .or(proposal(page, 's'))
      .first()
      .waitFor()
    expect(await proposal(page, 'HTTP Snippet').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'a member that the payload or the toolbelt does not have is marked before anything is saved',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await editorOf(scene, JAVASCRIPT, WELCOME)
    const { page } = opened
    const problems = page.getByRole('region', { name: 'Problems' })
    await page.keyboard.insertText(
      "const own = {}; own.anything = 1; const failed = new Error('x'); failed.code = own.more; input.payload.general.convID; Toolbelt.SecretClien()",
    )
    await problems.getByText(/'convID' does not exist .* Did you mean 'convId'/).waitFor()
    await problems
      .getByText(/'SecretClien' does not exist .* Did you mean 'SecretClient'/)
      .waitFor()
    expect(await problems.getByRole('listitem').count()).toBe(2)
    await page.locator('.squiggly-error').first().waitFor()
    await page.getByText('Not saved', { exact: true }).waitFor()
    // To the line, from the list.
    await problems.getByRole('button', { name: 'Line 4' }).first().press('Enter')
    await expect
      .poll(() => page.evaluate(`document.activeElement.closest('.code') !== null`))
      .toBe(true)

    // TypeScript is the server’s to check, as it would when it is saved.
    await using typed = await editorOf(
      await anotherScene(served.server),
      'export const lambda = (input) => {\n  \n}',
      WELCOME,
    )
    await complete(typed.page, 'input.', 'payload', 'has opened a messaging conversation')
    await typed.page.keyboard.type('.general.convID')
    await typed.page
      .getByRole('region', { name: 'Problems' })
      .getByText(/'convID' does not exist/)
      .waitFor()
  },
)

test.skipIf(!hasBrowser)('Ctrl+S saves after somebody has searched in the code, too', async () => {
  const scene = await anotherScene(served.server)
  await using opened = await editorOf(scene, JAVASCRIPT)
  const { page } = opened
  await page.keyboard.type('// later')
  await page.keyboard.press('ControlOrMeta+f')
  await page.locator('.find-widget.visible').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.find-widget.visible').waitFor({ state: 'detached' })
  await page.keyboard.press('ControlOrMeta+s')
  await page.getByText('Version 2 is saved.').waitFor()
})

test.skipIf(!hasBrowser)(
  'a function gets its skills when it is made, and others in the editor, where what nobody may have is said at the field',
  async () => {
    const scene = await anotherScene(served.server)
    await lambdasOf(scene).deployed(JAVASCRIPT, {
      name: 'support_greeting',
      eventId: WELCOME,
      skills: [scene.skillIds[1] ?? ''],
    })
    await using opened = await consoleAt(served.browser, scene, `/functions/new?event=${WELCOME}`)
    const { page } = opened
    const { press, write } = keyboardOf(page)
    await write(page.getByLabel('Name', { exact: true }), 'sales_greeting')
    await write(page.getByLabel('Description'), 'Greets who begins')
    await press(page.getByRole('checkbox', { name: 'Sales' }), 'Space')
    await press(page.getByRole('button', { name: 'Create draft' }))
    await heading(page, 'sales_greeting')
    await press(page.getByRole('button', { name: 'Deploy', exact: true }))
    await page.getByRole('heading', { name: 'Deploy this draft?' }).waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText(/Version \d+ is live/).waitFor()

    await press(page.getByRole('button', { name: 'Name and skills of sales_greeting' }))
    const dialog = page.getByRole('dialog')
    await write(dialog.getByLabel('Description'), 'Greets everybody')
    await keyboardOf(page).choose(
      dialog.getByRole('button', { name: /Language of the source/ }),
      /TypeScript/,
    )
    await press(dialog.getByRole('checkbox', { name: 'Support (support_greeting)' }), 'Space')
    await press(dialog.getByRole('button', { name: 'Save the settings' }))
    await dialog
      .getByText(/are taken/)
      .first()
      .waitFor()
    await check(page, 'console-editor-settings')
    await press(dialog.getByRole('checkbox', { name: 'Support' }), 'Space')
    await press(dialog.getByRole('checkbox', { name: 'Sales' }), 'Space')
    await press(dialog.getByRole('button', { name: 'Save the settings' }))
    await page.getByText('The settings are saved.').waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1)
    expect(await call<object>(scene, 'GET', `functions/${id}`)).toMatchObject({
      description: 'Greets everybody',
      language: 'typescript',
      skills: [],
    })
    await press(page.getByRole('link', { name: 'Environment', exact: true }))
    await page
      .getByRole('region', { name: 'Environment variables' })
      .getByRole('button', { name: /sales_greeting/ })
      .waitFor()
    await go(page, 'Functions')
    await page
      .getByRole('row', { name: /support_greeting/ })
      .getByText('Support', { exact: true })
      .waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'who saves again and runs again while the server is slow meets no conflict with oneself, and one run',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await editorOf(scene, JAVASCRIPT)
    const { page } = opened
    const asked: string[] = []
    const letGo = Promise.withResolvers<void>()
    await page.route('**/functions/**', async (route) => {
      const request = route.request()
      if (request.method() === 'GET') return route.continue()
      asked.push(`${request.method()} ${new URL(request.url()).pathname.split('/').at(-1)}`)
      await letGo.promise
      return route.continue()
    })
    await page.keyboard.type('// one')
    await page.keyboard.press('ControlOrMeta+s')
    await expect.poll(() => asked.length).toBe(1)
    await page.keyboard.type(' and two')
    await page.keyboard.press('ControlOrMeta+s')
    await page.keyboard.press('ControlOrMeta+Enter')
    await page
      .getByRole('button', { name: 'Run draft' })
      .and(page.locator('[data-pending]'))
      .waitFor()
    await page.keyboard.press('ControlOrMeta+Enter')
    letGo.resolve()
    await page.getByText(/Version 3 is saved/).waitFor()
    await expect.poll(() => asked.filter((one) => one === 'POST test')).toHaveLength(1)
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(asked).toHaveLength(3)
  },
)
