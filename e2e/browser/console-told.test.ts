import { anotherScene, call, lambdasOf, type Scene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// A page says what holds now, in its own language.

const served = servedConsole()

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).first()

async function fails(page: Page, path: RegExp, isRead: boolean): Promise<void> {
  const json = { error: { code: 'internal', message: 'Something failed' } }
  await page.route(path, (route) =>
    (route.request().method() === 'GET') === isRead
      ? route.fulfill({ status: 500, json })
      : route.continue(),
  )
}

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
  ])('%s: that it was saved is not said beside the refusal of the next save', async (given) => {
  const [, path, label, [first, second]] = given
  const scene = await anotherScene(served.server)
  await using opened = await consoleAt(served.browser, scene, await path(scene))
  const { page } = opened
  const field = page.getByRole('main').getByLabel(label).first()
  const said = page.getByRole('status').filter({ hasText: /saved|Saved/ })
  await field.fill(first)
  await save(page).press('Enter')
  await said.waitFor()

  await fails(page, /\/api\/v1\/accounts\//, false)
  await field.fill(second)
  await save(page).press('Enter')
  await page.getByRole('alert').getByText('Something failed').waitFor()
  expect(await said.count()).toBe(0)
  await page.unroute(/\/api\/v1\/accounts\//)
  await save(page).press('Enter')
  await said.waitFor()
})
