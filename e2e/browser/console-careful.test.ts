import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// Hands that slip, lists that are long, and addresses that are wrong.

const EMPTY = 'function lambda(input, callback) { callback(null, {}) }'

const served = servedConsole()

test.skipIf(!hasBrowser)('a function that is live stops only after a question', async () => {
  const scene = await anotherScene(served.server)
  const functionId = await lambdasOf(scene).deployed(EMPTY, { name: 'greeter' })
  await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
  const { page } = opened
  const undeploy = page.getByRole('button', { name: 'Undeploy' })
  await undeploy.press('Enter')
  const question = page.getByRole('dialog', { name: 'Undeploy greeter?' })
  await question.getByText('The next deployment takes the newest version, 1.').waitFor()
  await check(page, 'console-undeploy')
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'detached' })
  const path = `/functions/${functionId}`
  expect((await lambdasOf(scene).native('GET', path)).json()).toMatchObject({ liveVersion: 1 })
  await undeploy.press('Enter')
  await question.waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('The function is not live any more.').waitFor()
  expect((await lambdasOf(scene).native('GET', path)).json()).not.toHaveProperty('liveVersion')
})

test.skipIf(!hasBrowser)(
  'a saved input is deleted, and kept work discarded, only after a question',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(EMPTY, { name: 'greeter' })
    await call(scene, 'POST', `functions/${functionId}/payloads`, {
      name: 'one order',
      shared: true,
      payload: {},
    })
    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Choose an input' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Delete one order' }).press('Enter')
    const question = page.getByRole('dialog', { name: 'Delete the input one order?' })
    await question.getByText('All who work on this function lose it.').waitFor()
    await question.getByRole('button', { name: 'Cancel' }).press('Enter')
    const { payloads } = await call<{ payloads: unknown[] }>(
      scene,
      'GET',
      `functions/${functionId}/payloads`,
    )
    expect(payloads).toHaveLength(1)

    await page.getByRole('textbox', { name: /Source of greeter/ }).focus()
    await page.keyboard.type('// half a thought')
    await page.getByText('Not saved').waitFor()
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByRole('button', { name: 'Discard it' }).press('Enter')
    await page.getByRole('dialog', { name: 'Discard what was not saved?' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('half a thought').waitFor()
    await page.getByRole('button', { name: 'Discard it' }).press('Enter')
    await page.keyboard.press('Enter')
    await page.getByText('half a thought').waitFor({ state: 'detached' })
  },
)
