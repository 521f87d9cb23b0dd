import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import { test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { code, givenRuns } from './console-runs.fixture.ts'
import { consoleAt } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'a replay of many runs that was begun elsewhere is shown where the next one would begin, and can be stopped there',
  async () => {
    const scene = await anotherScene(served.server)
    const lambdas = lambdasOf(scene)
    const source = (more: string) => `const lambda = ({ payload }) => { ${more} return payload.n }`
    const functionId = await lambdas.deployed(source(''), { name: 'counts' })
    for (let n = 0; n < 9; n += 1) await lambdas.invoke(functionId, { n })
    // Each replay computes until its time is over: the job is there long enough to be stopped.
    await call(scene, 'PATCH', 'settings', { limits: { executionTimeMs: 20_000 } })
    await call(scene, 'PATCH', `functions/${functionId}`, { code: source('for (;;);') })
    await call(scene, 'POST', `functions/${functionId}/replays`, { last: 9, against: 'draft' })

    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const { page } = opened
    await page.getByRole('status').getByText('of 9 replayed').waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter')
    await page.getByText('Stopped.').waitFor()

    // Begun meanwhile: whoever is refused sees which one runs.
    await call(scene, 'POST', `functions/${functionId}/replays`, { last: 8, against: 'draft' })
    await page.getByRole('button', { name: 'Replay again' }).press('Enter')
    await page.getByRole('alert').getByText('still runs').waitFor()
    await page.getByRole('status').getByText('of 8 replayed').waitFor()
  },
)

test.skipIf(!hasBrowser)('what a replay says of itself is told in German, too', async () => {
  const stage = await givenRuns(served.server)
  const { accountId, functionId } = stage
  await call(stage, 'PATCH', `functions/${functionId}`, { code: code('Tschüs') })
  await using opened = await consoleAt(served.browser, stage, `/functions/${functionId}`, {
    locale: 'de-DE',
  })
  const { page } = opened
  await page.getByRole('button', { name: /^Die letzten 50/ }).press('Enter')
  await page.getByRole('list', { name: 'Läufe, die anders sind' }).locator('summary').nth(1).click()
  await page.getByText('Der Lauf war nicht der erste seiner Instanz').waitFor()

  await call(stage, 'PATCH', 'settings', { recordings: { policy: 'off' } })
  await lambdasOf(stage).invoke(functionId, { name: 'Grace' })
  const { invocations } = await call<{ invocations: { recordId: string }[] }>(
    stage,
    'GET',
    'invocations?limit=1',
  )
  const recordId = invocations[0]?.recordId ?? ''
  await page.goto(`${stage.url}/console/${accountId}/runs/${recordId}`)
  await page.getByRole('button', { name: 'Wiederholen', exact: true }).press('Enter')
  await page.getByText('Das Konto bewahrt nicht auf, was eine Wiederholung braucht').waitFor()
})
