import { randomUUID } from 'node:crypto'
import { lambdasOf } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { givenRuns } from './console-runs.fixture.ts'
import { consoleAt } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

/** More than the page reads at once. */
const MANY = 300

test.skipIf(!hasBrowser)(
  'a list of runs that is held stays, however many come meanwhile, and shows the newest when it goes on',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(served.browser, stage, '/runs')
    const { page } = opened
    const failed = page.getByRole('row').filter({ hasText: 'there is nobody' })
    await failed.waitFor()
    await page.getByRole('button', { name: 'Pause' }).press('Enter')
    const { db } = stage.context.store
    const newest = await db
      .selectFrom('invocation')
      .selectAll()
      .where('accountId', '=', stage.accountId)
      .orderBy('startedAt', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const later = Array.from({ length: MANY }, (_, number) => ({
      ...newest,
      recordId: randomUUID(),
      startedAt: new Date(newest.startedAt.getTime() + number + 1),
      inputJson: null,
      resultJson: null,
      trace: null,
      outgoing: null,
      commands: null,
    }))
    await db
      .insertInto('invocation')
      .values(later as never)
      .execute()
    await lambdasOf(stage).invoke(stage.functionId, { name: 'Alan' })

    await page.getByText(/^\d+ new ones wait/).waitFor()
    const readAgain = page.waitForResponse(/\/invocations\?/)
    await lambdasOf(stage).invoke(stage.functionId, { name: 'Barbara' })
    await readAgain
    await page.getByText('4 runs', { exact: true }).waitFor()
    await failed.waitFor()
    await page.getByRole('button', { name: 'Resume' }).press('Enter')
    await page.getByText('250+ runs', { exact: true }).waitFor()
  },
)

test.skipIf(!hasBrowser)('Back from a run leads to where its list was scrolled to', async () => {
  const stage = await givenRuns(served.server)
  for (let count = 0; count < 80; count++) {
    await lambdasOf(stage).invoke(stage.functionId, { name: 'Alan' })
  }
  await using opened = await consoleAt(served.browser, stage, '/runs')
  const { page } = opened
  const list = page.locator('.data-table')
  const place = () => list.evaluate((one) => one.scrollTop)
  await page.getByRole('row').nth(2).waitFor()
  await list.evaluate((one) => one.scrollTo(0, 1_000))
  await page.locator('[data-index="40"]').click()
  await page.getByRole('heading', { level: 1, name: 'greeter' }).waitFor()
  await page.goBack()
  await page.locator('[data-index="40"]').waitFor()
  await expect.poll(place).toBe(1_000)
})

test.skipIf(!hasBrowser)('the version of runs is typed in any order', async () => {
  const stage = await givenRuns(served.server)
  await using opened = await consoleAt(
    served.browser,
    stage,
    `/runs?functionId=${stage.functionId}`,
  )
  const { page } = opened
  const version = page.getByLabel('Version', { exact: true })
  const limit = () => new URL(page.url()).searchParams.get('version')
  await version.fill('24')
  await expect.poll(limit).toBe('24')
  await version.press('Home')
  await page.keyboard.type('10')
  await expect.poll(limit).toBe('1024')
  expect(await version.inputValue()).toBe('1024')
})

test.skipIf(!hasBrowser)(
  'the conversation of runs can be typed anew: its field stays as long as it has the focus',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(served.browser, stage, '/runs?conversationId=one')
    const { page } = opened
    const conversation = page.getByLabel('Conversation', { exact: true })
    const limit = () => new URL(page.url()).searchParams.get('conversationId')
    await conversation.fill('')
    await expect.poll(limit).toBeNull()
    await page.getByRole('row').filter({ hasText: 'there is nobody' }).waitFor()
    await page.keyboard.type('two')
    await expect.poll(limit).toBe('two')
    await conversation.fill('')
    await page.keyboard.press('Tab')
    await conversation.waitFor({ state: 'detached' })
  },
)
