import { anotherScene, call, givenFunction } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, go, heading, pressInDialog } from './console.fixture.ts'
import { greeted, WELCOME } from './console-conversations.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'why a consumer was told something: from the words to the function, its version and who changed it',
  async () => {
    const scene = await anotherScene(served.server)
    await greeted(
      scene,
      `console.info('greeting', 42)
       callback(null, [{ type: 'systemMessage', text: 'Hello from a function' }, { type: 'systemMessage', text: 'Again' }])`,
      'where is my parcel',
    )
    await using opened = await consoleAt(served.browser, scene, '/conversations')
    const { page } = opened
    await heading(page, 'Conversations')
    await page.getByRole('link', { name: 'where is my parcel' }).waitFor()
    await check(page, 'console-conversations')
    await page.getByLabel('Words in a message').fill('no such words')
    await page.keyboard.press('Enter')
    await page.getByText('No conversation matches.').waitFor()
    await page.getByLabel('Words in a message').fill('parcel')
    await page.keyboard.press('Enter')
    await page.waitForURL(/text=parcel/)
    await page.getByRole('link', { name: 'where is my parcel' }).press('Enter')
    await heading(page, 'Conversation')

    const message = page.getByRole('button', { name: /Automatic message Hello from a function/ })
    await message.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Why did this happen?' }).waitFor()
    await page.getByText(`A function answered the event ${WELCOME} with this text.`).waitFor()
    await page.getByRole('button', { name: 'To the run that caused it' }).press('Enter')
    await page.getByText('applied', { exact: true }).first().waitFor()
    await page.getByText('ignored', { exact: true }).first().waitFor()
    await page.getByText('greeting').waitFor()
    await check(page, 'console-timeline')
    // To the run by itself, and back to its place.
    await page.getByRole('link', { name: 'The whole run' }).first().press('Enter')
    await page.getByRole('link', { name: 'In the timeline' }).press('Enter')
    await page.getByText('ignored', { exact: true }).first().waitFor()
    await page.getByRole('link', { name: 'Who changed it' }).first().press('Enter')
    await heading(page, 'Activity')
    const activities = page.getByRole('table', { name: 'Activity' })
    await activities.getByText('Function deployed', { exact: true }).waitFor()
    await activities.getByText(/^Function created /).waitFor()
    await check(page, 'console-activity')
  },
)

test.skipIf(!hasBrowser)(
  'a message that no function said names the function that failed',
  async () => {
    const scene = await anotherScene(served.server)
    const conversationId = await greeted(
      scene,
      `callback(new Error('the shop is away'))`,
      'is somebody there',
    )
    await using opened = await consoleAt(served.browser, scene, `/conversations/${conversationId}`)
    const { page } = opened
    await page
      .getByRole('button', { name: /^.*Automatic message/ })
      .first()
      .press('Enter')
    await page.getByText('No function said this').waitFor()
    await page.getByText('the shop is away').first().waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'a blocked call is allowed, a secret kept, a schedule made, an event tried: by keyboard alone',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await givenFunction(
      scene,
      WELCOME,
      `try { await fetch('https://api.shop.example/') } catch (error) { console.warn(error.message) }
       callback(null, { type: 'systemMessage', text: 'Tried ' + input.payload.general.convId })`,
    )
    await call(scene, 'POST', `functions/${functionId}/test`, {
      payload: { general: { convId: 'c' } },
    })
    await using opened = await consoleAt(served.browser, scene, '/domains')
    const { page } = opened
    await heading(page, 'Allowed domains')
    await page.getByRole('button', { name: 'Allow api.shop.example' }).waitFor()
    await check(page, 'console-domains')
    await page.getByRole('button', { name: 'Allow api.shop.example' }).press('Enter')
    await page.getByText('api.shop.example is allowed.').waitFor()
    await page
      .getByRole('table', { name: 'Allowed domains' })
      .getByText('api.shop.example')
      .waitFor()

    await go(page, 'Secrets')
    await heading(page, 'Secrets and environment')
    await page.getByRole('button', { name: 'New secret' }).press('Enter')
    await page.getByLabel('Name', { exact: true }).fill('shop-key')
    await page.getByLabel('Value', { exact: true }).fill('not to be seen again')
    await check(page, 'console-secret')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Secret shop-key is kept.').waitFor()
    expect(await page.content()).not.toContain('not to be seen again')
    // Those of the platform are shown, and cannot be changed.
    await page.getByRole('button', { name: 'Replace shop-key' }).waitFor()
    expect(await page.getByText('of the platform', { exact: true }).count()).toBe(2)
    expect(await page.getByRole('button', { name: /^(Replace|Delete) / }).count()).toBe(2)
    await page.getByRole('button', { name: 'Add a variable' }).press('Enter')
    await page.getByLabel('Name of variable 1').fill('GREETING')
    await page.getByLabel('Value of variable 1').fill('Hello')
    await page.keyboard.press('Enter')
    await page.getByText(/Version \d+ is saved/).waitFor()
    await check(page, 'console-secrets')

    await go(page, 'Schedules')
    await heading(page, 'Schedules')
    await page.getByRole('button', { name: 'New schedule' }).press('Enter')
    await page.getByText('Would run next').waitFor()
    await check(page, 'console-schedule')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('The schedule is saved.').waitFor()
    await page.getByRole('button', { name: /^Run now/ }).press('Enter')
    await page
      .getByText(/failed\.|succeeded\./)
      .first()
      .waitFor()
    await check(page, 'console-schedules')

    await go(page, 'Events')
    await heading(page, 'Events')
    await check(page, 'console-events')
    await page.getByRole('link', { name: 'Messaging New Conversation' }).press('Enter')
    await heading(page, 'Messaging New Conversation')
    await page.getByRole('button', { name: 'Send to the function' }).press('Enter')
    await page.getByText('Succeeded').waitFor()
    await page.getByText('A test changes no conversation').waitFor()
    await check(page, 'console-event')

    await go(page, 'Audit')
    await heading(page, 'Audit')
    await page.getByRole('table', { name: 'Audit' }).getByText(scene.admin.user).first().waitFor()
    await check(page, 'console-audit')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as CSV' }).press('Enter')
    expect((await download).suggestedFilename()).toBe('audit.csv')
  },
)

test.skipIf(!hasBrowser)(
  'dead letters are shown with their cause, put back and given up',
  async () => {
    const scene = await anotherScene(served.server)
    const { accountId } = scene
    await served.server.context.store.db
      .insertInto('deadLetter')
      .values(
        ['first', 'second'].map((lane) => ({
          accountId,
          source: 'outbox',
          name: 'controller-bot',
          lane,
          facts: { conversation: { conversationId: lane } },
          attempts: 4,
          firstAttemptAt: new Date(),
          deadAt: new Date(),
          cause: 'Nobody is there',
        })),
      )
      .execute()
    await using opened = await consoleAt(served.browser, scene, '/delivery')
    const { page } = opened
    await heading(page, 'Delivery')
    await page.getByText('Nobody is there').first().waitFor()
    await check(page, 'console-delivery')
    await page.getByRole('button', { name: /Show what it carries: first/ }).press('Enter')
    await page.getByRole('link', { name: 'To the conversation' }).waitFor()
    await pressInDialog(page, 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByLabel('Select all on this page').press('Space')
    await page.getByRole('button', { name: 'Give up 2' }).press('Enter')
    await page.getByRole('heading', { name: 'Give up this work?' }).waitFor()
    await pressInDialog(page, 'Enter')
    await page.getByText('2 given up.').waitFor()
    await page.getByText('There are no dead letters.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'the guide ends with a live answer in the consumer page beside it',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    await page.getByLabel('Your answer').fill('It’s me, your "first" function')
    await check(page, 'console-guide')
    await page.getByRole('button', { name: 'Create and deploy' }).press('Enter')
    await page.getByText('first_answer is live.').waitFor()
    const consumer = page.frameLocator('iframe[title="Consumer page"]')
    await consumer.getByRole('textbox').first().fill('hello?')
    await consumer.getByRole('textbox').first().press('Enter')
    await consumer.getByText('It’s me, your "first" function').waitFor()
    await page.getByRole('link', { name: 'See what happened' }).press('Enter')
    await page.getByRole('button', { name: /Automatic message It’s me/ }).waitFor()
    await go(page, 'Home')
    await heading(page, 'Home')
    await page.getByText('Nothing needs your attention.').waitFor()
    // Fair use, beside what has run this month.
    await page.getByText('of 150,000').waitFor()
    await check(page, 'console-home')
  },
)

test.skipIf(!hasBrowser)(
  'who may only invoke functions is shown neither pages nor buttons of what it may not do',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'POST', 'users', {
      loginName: 'ada',
      password: 'a long enough password',
      role: 'agent-manager',
      profiles: ['FaaS-Invocation'],
    })
    await using opened = await consoleAt(served.browser, scene, '/schedules', {
      user: { user: 'ada', password: 'a long enough password' },
    })
    const { page } = opened
    await heading(page, 'Schedules')
    const pages = await page.getByRole('navigation').getByRole('link').allTextContents()
    expect(pages).toEqual(expect.arrayContaining(['Home', 'Conversations', 'Events', 'Schedules']))
    for (const hidden of ['Secrets', 'Domains', 'Delivery', 'Audit']) {
      expect(pages).not.toContain(hidden)
    }
    expect(await page.getByRole('button', { name: 'New schedule' }).count()).toBe(0)
  },
)
