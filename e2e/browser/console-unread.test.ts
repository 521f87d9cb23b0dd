import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anotherScene, call, lambdasOf, openConsumerSocket } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { code, givenRuns } from './console-runs.fixture.ts'
import { consoleAt, heading } from './console.fixture.ts'
import { fails, readsAgain, triesAgain } from './failing.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { act, talkAt } from './workspace.fixture.ts'

// What could not be read is told, and is no zero, no "none" and no proposal.

const served = servedConsole()

const row = (page: Page, name: string | RegExp) =>
  page.getByRole('main').getByRole('row', { name }).first()

test.skipIf(!hasBrowser)(
  'logs that could not be read are read again when it is asked for',
  async () => {
    const scene = await anotherScene(served.server)
    const lambdas = lambdasOf(scene)
    const functionId = await lambdas.deployed(
      `function lambda(input, callback) { console.info('the first line'); callback() }`,
    )
    await lambdas.invoke(functionId, {})
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const main = page.getByRole('main')
    await heading(page, 'Home')
    const first = /\/logs\?/
    await fails(page, first)
    await page.goto(`${scene.url}/console/${scene.accountId}/logs`)
    await main.getByRole('alert').getByText('Something failed').waitFor()
    const again = main.getByRole('alert').getByRole('button', { name: 'Try again' })
    await triesAgain(page, first, again)
    await main.getByText('the first line').waitFor()
    expect(await main.getByRole('alert').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'the outbox says no number of mails that it could not count, and counts them when it is asked again',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    const counts = /\/mail-counts/
    await fails(page, counts)
    await page.goto(`${scene.url}/console/${scene.accountId}/mail`)
    const alert = page.getByRole('main').getByRole('alert')
    const again = alert.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    const state = page.getByRole('button', { name: /State$/ })
    await state.press('Enter')
    await page.getByRole('option', { name: 'Sent' }).waitFor()
    expect(await page.getByRole('option', { name: /\(0\)/ }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await triesAgain(page, counts, again)
    await alert.waitFor({ state: 'detached' })
    await state.press('Enter')
    await page.getByRole('option', { name: 'Sent (0)' }).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'hours that could not be read are not replaced by proposed ones, and skills without them are not said to be always open',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'PUT', 'calendars/account', { timeZone: 'UTC', week: {}, specialDays: [] })
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const main = page.getByRole('main')
    await heading(page, 'Home')
    const lists = /\/accounts\/\w+\/(calendars|users)$/
    await fails(page, lists)
    await page.goto(`${scene.url}/console/${scene.accountId}/welcome?step=hours`)
    await main.getByRole('alert').waitFor()
    expect(await main.getByRole('button', { name: /hours$/ }).count()).toBe(0)

    await page.goto(`${scene.url}/console/${scene.accountId}/skills`)
    await main.getByRole('alert').first().waitFor()
    const cells = row(page, /Sales/).getByRole('cell')
    expect(await cells.nth(1).textContent()).toBe('…')
    expect(await cells.nth(2).textContent()).toBe('…')

    await page.unroute(lists)
    await page.goto(`${scene.url}/console/${scene.accountId}/welcome?step=hours`)
    await main.getByRole('button', { name: 'Change hours' }).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'figures of surveys, functions of messages and skills of bots and rules that could not be read are not said to be none',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'POST', 'surveys', {
      name: 'After service',
      fallback: 'Thank you',
      questions: [{ id: 'csat', kind: 'CSAT', text: 'How was it?' }],
    })
    const file = join(import.meta.dirname, '../builder-bots/help-desk.json')
    const { botId } = await call<{ botId: string }>(
      scene,
      'POST',
      'bots',
      JSON.parse(readFileSync(file, 'utf8')) as object,
    )
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const main = page.getByRole('main')
    const at = (path: string) => page.goto(`${scene.url}/console/${scene.accountId}${path}`)
    const again = main.getByRole('alert').getByRole('button', { name: 'Try again' })
    await heading(page, 'Home')
    const lists = /\/accounts\/\w+\/(functions|skills|survey-totals)(\?|$)/
    await fails(page, lists)

    await at('/surveys')
    await row(page, /After service/).waitFor()
    await again.first().waitFor()
    expect(await row(page, /After service/).textContent()).not.toContain('0 %')
    expect(
      await row(page, /After service/)
        .getByRole('cell', { name: '…' })
        .count(),
    ).toBe(3)

    await at('/automatic-messages')
    await again.first().waitFor()
    expect(await main.getByRole('cell', { name: 'None', exact: true }).count()).toBe(0)

    await at(`/bots/${botId}?show=settings`)
    const where = page.getByRole('group', { name: 'Where it serves' })
    await where.getByRole('alert').getByText('Something failed').waitFor()

    await at('/mail?view=transcripts')
    await page.getByRole('button', { name: 'New rule' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('all')
    await dialog.getByRole('alert').waitFor()
    await triesAgain(page, lists, dialog.getByRole('button', { name: 'Try again' }))
    await dialog.getByRole('checkbox').first().waitFor()
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('all')
  },
)

test.skipIf(!hasBrowser)('a board whose charts could not be read says so', async () => {
  const scene = await anotherScene(served.server)
  await using consumer = await openConsumerSocket(scene)
  await consumer.openConversation()
  await using opened = await consoleAt(served.browser, scene, '/home')
  const { page } = opened
  const main = page.getByRole('main')
  await heading(page, 'Home')
  const hours = /\/figures\?.*by=hour/
  await fails(page, hours)
  await page.goto(`${scene.url}/console/${scene.accountId}/board?view=today`)
  await main.getByRole('table').first().waitFor()
  // It is read again by itself, too: whoever presses the button may come too late.
  await main.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor()
  await page.unroute(hours)
  await page.reload()
  await main.getByText('Opened and closed').first().waitFor()
})

test.skipIf(!hasBrowser)(
  'a conversation is moved to a skill whose list came after the dialog was opened',
  async () => {
    const scene = await anotherScene(served.server)
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    const held = Promise.withResolvers<void>()
    await page.route(/\/accounts\/\w+\/skills$/, async (route) => {
      await held.promise
      await route.continue()
    })
    await page.goto(`${scene.url}/console/${scene.accountId}/board?which=open`)
    const name = `Step in: conversation ${conversationId.slice(0, 8)}`
    await page.getByRole('main').getByRole('button', { name }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    const read = page.waitForResponse(/\/accounts\/\w+\/skills$/)
    held.resolve()
    await read
    const kind = dialog.getByRole('button', { name: /What to do$/ })
    const option = page.getByRole('option', { name: 'Move it to a skill' })
    await expect
      .poll(async () => {
        await kind.press('Enter')
        const isThere = (await option.count()) > 0
        if (!isThere) await page.keyboard.press('Escape')
        return isThere
      })
      .toBe(true)
    await option.press('Enter')
    await dialog.getByRole('button', { name: 'Move it to a skill', exact: true }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await call(scene, 'GET', `conversations/${conversationId}`)).toMatchObject({
      skillId: '1002',
    })
  },
)

test.skipIf(!hasBrowser)(
  'an agent who transfers is told that skills or agents could not be read, and asks again',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    const { page } = talk
    const targets = /\/transfer-targets/
    await fails(page, targets)
    await act(page, 't')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor()
    // It is read again by itself, too.
    await page.unroute(targets)
    await dialog.getByRole('button', { name: /Agent$/ }).waitFor()
    expect(await dialog.getByRole('alert').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'replayed runs that could not be listed are listed when it is asked for again',
  async () => {
    const stage = await givenRuns(served.server)
    await call(stage, 'PATCH', `functions/${stage.functionId}`, { code: code('Bye') })
    await using opened = await consoleAt(served.browser, stage, `/functions/${stage.functionId}`)
    const { page } = opened
    const runs = /\/replays\/[^/]+\/runs/
    await fails(page, runs)
    await page.getByRole('button', { name: /^Replay the last 50/ }).press('Enter')
    await page.getByText('1 the same, 3 differ').waitFor()
    const again = page.getByRole('alert').getByRole('button', { name: 'Try again' })
    await readsAgain(page, runs, again)
    await page.getByRole('list', { name: 'Runs that differ' }).locator('summary').first().waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'an agent who closes a conversation is told that surveys could not be read, not that none follows',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    const { page } = talk
    const surveys = /\/surveys$/
    await fails(page, surveys)
    await act(page, 'e')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('alert').getByText('Something failed').waitFor()
    const choice = dialog.getByRole('button', { name: /Survey afterwards$/ })
    await choice.press('Enter')
    const automatic = page.getByRole('option', { name: 'As the skill has it' })
    await automatic.waitFor()
    expect(await automatic.textContent()).toBe('As the skill has it')
    await page.keyboard.press('Escape')
    await triesAgain(page, surveys, dialog.getByRole('button', { name: 'Try again' }))
    await dialog.getByRole('alert').waitFor({ state: 'detached' })
  },
)
