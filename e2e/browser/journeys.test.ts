import {
  anotherScene,
  call,
  givenFunction,
  lambdasOf,
  type NameServer,
  openConsumerSocket,
  startNameServer,
  startTestServer,
} from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { WELCOME } from './console-conversations.fixture.ts'
import { code, givenRuns } from './console-runs.fixture.ts'
import { consoleAt, heading, pressInDialog } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// What people come for, from the first page to the end, by keyboard alone.

let names: NameServer
beforeAll(async () => {
  names = await startNameServer(() => 'no such name')
})
afterAll(() => names[Symbol.asyncDispose]())
const served = servedConsole(() => ({ env: { PARLEY_NAME_SERVERS: names.address } }))

const rail = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true })

test.skipIf(!hasBrowser)(
  'from a template to a run of the draft, to what is live, to its answer in a conversation, and to why',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const { to, press, write, choose, key } = keyboardOf(page)
    await press(rail(page, 'Functions'))
    await press(page.getByRole('link', { name: 'New function' }))
    await choose(page.getByRole('button', { name: /Event/ }), /^Messaging New Conversation/)
    await choose(page.getByRole('button', { name: /Template/ }), /^Messaging New Conversation/)
    await write(page.getByLabel('Name', { exact: true }), 'welcome')
    await write(page.getByLabel('Description'), 'Greets who begins')
    await press(page.getByRole('button', { name: 'Create draft' }))
    await heading(page, 'welcome')

    await to(page.getByRole('textbox', { name: /Source of welcome/ }))
    await key('ControlOrMeta+Enter')
    await page.getByText('Succeeded').waitFor()
    await page.getByText('would send “Thank you for writing to us').waitFor()
    await press(page.getByRole('button', { name: 'Deploy', exact: true }))
    await page.getByRole('heading', { name: 'Deploy this draft?' }).waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText(/Version \d+ is live/).waitFor()

    const opening = page.context().waitForEvent('page')
    await press(page.getByRole('link', { name: 'Consumer page' }))
    const consumer = await opening
    const theirs = keyboardOf(consumer)
    await theirs.write(consumer.getByRole('textbox'), 'is somebody there?')
    await theirs.key('Enter')
    await consumer.getByText('Thank you for writing to us.').waitFor()

    await page.bringToFront()
    await press(rail(page, 'Conversations'))
    await press(page.getByRole('link', { name: /Thank you for writing|is somebody there/ }))
    await heading(page, 'Conversation')
    await press(page.getByRole('button', { name: /^.*Automatic message/ }))
    await page.getByText(`A function answered the event ${WELCOME} with this text.`).waitFor()
    await press(page.getByRole('button', { name: 'To the run that caused it' }))
    await page.getByText('applied', { exact: true }).first().waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'from a failed run to its replay on the draft, to what differs, to what is live, and back',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(served.browser, stage, '/home')
    const { page } = opened
    const { to, press, write, choose, key } = keyboardOf(page)
    await press(page.getByRole('link', { name: /greeter failed in 1 of 4 runs/ }))
    await heading(page, 'Runs')
    await choose(page.getByRole('button', { name: /Outcome/ }), /^Failed in its code/)
    await page.getByText('1 run', { exact: true }).waitFor()
    await press(page.getByRole('grid').getByRole('row').nth(1))
    await heading(page, 'Run of greeter')
    await press(page.getByRole('button', { name: 'Replay', exact: true }))
    await page.getByText('Version 2 does the same.').waitFor()

    await press(page.getByRole('link', { name: /Open in the editor/ }))
    await heading(page, 'greeter')
    await page.locator('.payload').getByText('"Nobody"').waitFor()
    await write(
      page.getByRole('textbox', { name: /Source of greeter/ }),
      code('Good day').replace('throw new Error', 'return callback(null, "nobody") // '),
    )
    await key('ControlOrMeta+Enter')
    await page.getByText('Succeeded').waitFor()
    await press(page.getByRole('button', { name: /^Replay the last 50/ }))
    await page
      .getByText(/differ/)
      .first()
      .waitFor()
    const different = page.getByRole('list', { name: 'Runs that differ' })
    await press(different.locator('summary'))
    await different.getByRole('cell').first().waitFor()

    await press(page.getByRole('button', { name: 'Deploy', exact: true }))
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Version 3 will run instead of version 2 from now on.').waitFor()
    // What is live, and what was written.
    await dialog.getByText('"nobody"').first().waitFor()
    await to(dialog.getByRole('button', { name: 'Deploy', exact: true }))
    await key('Enter')
    await page.getByText('Version 3 is live.').waitFor()
    const nobody = () => lambdasOf(stage).invoke(stage.functionId, { name: 'Nobody' })
    expect((await nobody()).json()).toBe('nobody')

    await press(page.getByRole('link', { name: 'Versions' }))
    await press(page.getByRole('button', { name: 'Roll back: Version 2' }))
    await page.getByRole('heading', { name: 'Roll back to version 2?' }).waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText('Version 2 is live again.').waitFor()
    expect((await nobody()).status).toBeGreaterThanOrEqual(400)
  },
)

test.skipIf(!hasBrowser)(
  'from a call that was blocked to its domain, allowed, and to a run that gets further',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(
      `async function lambda(input, callback) {
        await fetch('https://api.parcels.test/').catch((error) => callback(new Error(error.cause.message)))
      }`,
      { name: 'parcels' },
    )
    await lambdasOf(scene).invoke(functionId, {})
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const { to, press, key } = keyboardOf(page)
    await press(page.getByRole('link', { name: /parcels wanted to reach api\.parcels\.test/ }))
    await heading(page, 'Allowed domains')
    await press(page.getByRole('button', { name: 'Allow api.parcels.test' }))
    await page.getByText('api.parcels.test is allowed.').waitFor()
    // Its button is gone: the focus is at the title, not at the top of the page.
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
    expect(names.asked).toEqual([])

    await press(
      page.getByRole('table', { name: 'Blocked calls' }).getByRole('link', { name: 'parcels' }),
    )
    await heading(page, 'parcels')
    await to(page.getByRole('textbox', { name: /Source of parcels/ }))
    await key('ControlOrMeta+Enter')
    await page.getByText('api.parcels.test could not be resolved').first().waitFor()
    expect(names.asked).toContain('A api.parcels.test')
    await press(
      page.getByRole('table', { name: 'Outgoing calls' }).getByRole('button', { name: 'Line 2' }),
    )
    await expect
      .poll(() => page.evaluate(`document.activeElement.closest('.code') !== null`))
      .toBe(true)
  },
)

test.skipIf(!hasBrowser)(
  'from a conversation that waits to its next timer, and to what the function of that event said',
  async () => {
    await using virtual = await startTestServer({ wallClock: 'system' })
    const scene = await anotherScene(virtual)
    const timing = { time: 20, timeUnits: 'minutes', repeat: 1 }
    const text = 'Somebody will come soon'
    await call(scene, 'PUT', 'automatic-messages/CONV_AWAITING_IN_QUEUE', { text, timing })
    await givenFunction(
      scene,
      'controllerbot_messaging_conversation_idle',
      `callback(null, { type: 'systemMessage', text: 'All are busy until noon' })`,
    )
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await consumer.say(conversationId, 'where is my parcel')
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const { press } = keyboardOf(page)
    await press(rail(page, 'Conversations'))
    // The only one; its name is what was said last, which may be an automatic message by now.
    await press(page.getByRole('link', { name: /where is my parcel|Welcome/ }))
    await heading(page, 'Conversation')
    const next = page.getByRole('complementary', { name: 'About it' })
    await next.getByText('Nobody has taken it').waitFor()

    await press(page.getByRole('button', { name: /^Clock/ }))
    const dialog = page.getByRole('dialog')
    await dialog.getByText('idle-queue').waitFor()
    await press(dialog.getByRole('button', { name: 'Go to the next timer' }))
    await dialog.getByText('idle-queue').waitFor({ state: 'detached' })
    await pressInDialog(page, 'Escape')
    await dialog.waitFor({ state: 'detached' })
    await press(page.getByRole('button', { name: /All are busy until noon/ }))
    await page.getByText(/A function answered the event .*idle with this text/).waitFor()
    await page.getByText(/^Timer of .*Nobody has taken it/).waitFor()
  },
)
