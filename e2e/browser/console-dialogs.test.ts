import { anotherScene, call, lambdasOf } from '@parley/server/testing'
import type { Dialog, Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, go, heading, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'who leaves a dialog with something typed in it is asked first: by Escape, Back or a new load; not by Cancel, nor once it is saved',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    await go(page, 'Secrets')
    const asked: string[] = []
    let answer = false
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void (answer ? dialog.accept() : dialog.dismiss())
    })
    const add = page.getByRole('button', { name: 'New secret' })
    const dialog = page.getByRole('dialog')
    const name = dialog.getByLabel('Name', { exact: true })
    await add.press('Enter')
    await name.fill('shop-key')

    await page.keyboard.press('Escape')
    await expect.poll(() => asked).toEqual(['confirm'])
    await page.evaluate('setTimeout(() => history.back())')
    await expect.poll(() => asked).toEqual(['confirm', 'confirm'])
    await page.evaluate('setTimeout(() => location.reload())')
    await expect.poll(() => asked).toEqual(['confirm', 'confirm', 'beforeunload'])
    expect(await name.inputValue()).toBe('shop-key')
    await expect.poll(() => page.url()).toContain('/secrets')

    await dialog.getByLabel('Value', { exact: true }).fill('x')
    await name.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await add.press('Enter')
    await name.fill('shop-key')
    await dialog.getByLabel('Value', { exact: true }).fill('y')
    await name.press('Enter')
    await dialog.getByRole('alert').waitFor()
    expect(asked).toHaveLength(3)
    // What was refused is still to be kept.
    await page.keyboard.press('Escape')
    await expect.poll(() => asked).toHaveLength(4)
    await dialog.getByRole('button', { name: 'Cancel' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await add.press('Enter')
    await name.fill('')
    answer = true
    await name.fill('another')
    await page.evaluate('setTimeout(() => history.back())')
    await heading(page, 'Home')
    expect(asked).toHaveLength(5)
    expect(await call(scene, 'GET', 'secrets')).toMatchObject({ secrets: [{ name: 'shop-key' }] })
  },
)

test.skipIf(!hasBrowser)(
  'a dialog that saves asks before it goes away, so that a refusal is seen; one that is opened again says nothing of an earlier try',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'POST', 'secrets', { name: 'shop-key', type: 'text', value: 'x' })
    await using opened = await consoleAt(served.browser, scene, '/home', { isCut: true })
    const { page } = opened
    await heading(page, 'Home')
    await go(page, 'Secrets')
    const dialog = page.getByRole('dialog')
    const held = Promise.withResolvers<void>()
    await page.route(/\/secrets$/, async (route) => {
      if (route.request().method() === 'POST') await held.promise
      await route.continue()
    })
    await page.getByRole('button', { name: 'New secret' }).press('Enter')
    const name = dialog.getByLabel('Name', { exact: true })
    await name.fill('shop-key')
    await dialog.getByLabel('Value', { exact: true }).fill('y')
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await name.press('Enter')
    await sent
    const asked: string[] = []
    const stay = (question: Dialog): void => {
      asked.push(question.message())
      void question.dismiss()
    }
    page.on('dialog', stay)
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Cancel' }).press('Enter')
    await page.evaluate('setTimeout(() => history.back())')
    const saving = 'Leave now? It is still being done, and you would not see how it ends.'
    await expect.poll(() => asked).toEqual([saving, saving, saving])
    page.off('dialog', stay)
    held.resolve()
    await dialog.getByRole('alert').waitFor()
    expect(await name.inputValue()).toBe('shop-key')

    const { uuid: functionId } = await lambdasOf(scene).create(
      `function lambda(input, callback) { callback(null, {}) }`,
    )
    await page.goto(`${scene.url}/console/${scene.accountId}/functions/${functionId}`)
    await page.route(/\/payloads$/, (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    )
    const save = page.getByRole('button', { name: 'Save the input' })
    await save.press('Enter')
    await dialog.getByLabel('Name', { exact: true }).fill('mine')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await save.press('Enter')
    await dialog.getByLabel('Name', { exact: true }).waitFor()
    expect(await dialog.getByRole('alert').count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'what is shown only once is not left by Back without a question',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await heading(page, 'Home')
    await go(page, 'Access')
    await page.getByRole('button', { name: 'API keys' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'New API key' }).press('Enter')
    await dialog.getByLabel('Name', { exact: true }).fill('shop')
    await page.keyboard.press('Enter')
    const once = page.getByRole('alertdialog')
    const kept = once.getByRole('button', { name: 'I have kept it' })
    await kept.waitFor()
    const asked = page.waitForEvent('dialog')
    await page.evaluate('setTimeout(() => history.back())')
    const question = await asked
    expect(question.message()).toBe('Leave now? This is not shown again.')
    await question.dismiss()
    await kept.press('Enter')
    await once.waitFor({ state: 'detached' })
    await page.evaluate('setTimeout(() => history.back())')
    await heading(page, 'Home')
  },
)

test.skipIf(!hasBrowser)(
  'a late success of a dialog that was left refreshes the list, and leaves the dialog that is open by then',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/secrets', { isCut: true })
    const { page } = opened
    await heading(page, 'Secrets')
    const dialog = page.getByRole('dialog')
    const held = Promise.withResolvers<void>()
    await page.route(/\/secrets$/, async (route) => {
      if (route.request().method() === 'POST') await held.promise
      await route.continue()
    })
    page.on('dialog', (question) => void question.accept())
    const add = page.getByRole('button', { name: 'New secret' })
    const name = dialog.getByLabel('Name', { exact: true })
    await add.press('Enter')
    await name.fill('shop-key')
    await dialog.getByLabel('Value', { exact: true }).fill('x')
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await name.press('Enter')
    await sent
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await add.press('Enter')
    await name.fill('another')

    held.resolve()
    await page.getByText('shop-key', { exact: true }).waitFor({ state: 'attached' })
    expect(await name.inputValue()).toBe('another')
  },
)

test.skipIf(!hasBrowser)(
  'a function that is created after its page was left is listed, and leads nowhere',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/functions/new', { isCut: true })
    const { page } = opened
    const held = Promise.withResolvers<void>()
    await page.route(/\/functions$/, async (route) => {
      if (route.request().method() === 'POST') await held.promise
      await route.continue()
    })
    page.on('dialog', (question) => void question.accept())
    const name = page.getByLabel('Name', { exact: true })
    await name.fill('greeter')
    await page.getByLabel(/^Description/).fill('Greets')
    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await name.press('Enter')
    await sent
    await go(page, 'Functions')
    await heading(page, 'Functions')
    held.resolve()
    await page.getByRole('link', { name: 'greeter' }).waitFor()
    await page.getByRole('link', { name: 'New function' }).press('Enter')
    await name.fill('another')
    expect(new URL(page.url()).pathname).toMatch(/\/functions\/new$/)
  },
)

test.skipIf(!hasBrowser)(
  'whoever closes a dialog that has followed another is back at what opened the first',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/metrics')
    const { page } = opened
    const isAt = (button: Locator) =>
      expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true)

    // A form takes the place of the dialog that waits for its settings.
    const report = page.getByRole('button', { name: 'Report by mail' })
    await report.press('Enter')
    await page.getByRole('dialog').getByLabel('Recipients').waitFor()
    await pressInDialog(page, 'Escape')
    await isAt(report)

    // What is shown once follows what made it.
    await go(page, 'Access')
    const add = page.getByRole('button', { name: 'New application' })
    await add.press('Enter')
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Shop')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'I have kept it' }).press('Enter')
    await isAt(add)
  },
)

test.skipIf(!hasBrowser)(
  'the link of an invitation, which is shown once, stays until somebody has kept it, and leads back to the menu of the user',
  async () => {
    const scene = await anotherScene(served.server)
    const loginName = 'ada@shop.example'
    await call(scene, 'POST', 'users', { loginName, nickname: 'Ada', role: 'agent' })
    await using opened = await consoleAt(served.browser, scene, '/users')
    const { page } = opened
    const menu = page.getByRole('button', { name: 'More for Ada' })
    await menu.press('Enter')
    await page.getByRole('menuitem', { name: /link/ }).press('Enter')
    await page.getByRole('button', { name: 'Make the link' }).press('Enter')
    const link = page.getByRole('group', { name: 'The link' })
    await link.waitFor()
    await pressInDialog(page, 'Escape')
    expect(await link.textContent()).toContain('/set-password/')
    const asked = page.waitForEvent('dialog')
    await page.evaluate('setTimeout(() => history.back())')
    await (await asked).dismiss()
    await page.getByRole('button', { name: 'I have kept it' }).press('Enter')
    await link.waitFor({ state: 'detached' })
    await expect.poll(() => menu.evaluate((one) => one === document.activeElement)).toBe(true)
  },
)
