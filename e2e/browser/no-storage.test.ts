import { anotherScene, lambdasOf } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, go, heading } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt } from './workspace.fixture.ts'

const EMPTY = 'function lambda(input, callback) { callback() }'

const served = servedConsole()

/** A browser that is set to keep nothing denies even to be asked; one without room lets itself be read. */
const STORAGES = [
  [
    'that keeps nothing',
    `for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, { get: () => { throw new DOMException('denied', 'SecurityError') } })
    for (const name of ['request', 'query'])
      LockManager.prototype[name] = () => Promise.reject(new DOMException('denied', 'SecurityError'))`,
  ],
  [
    'without room',
    `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`,
  ],
] as const

test.skipIf(!hasBrowser).for(STORAGES)(
  'somebody works in the console in a browser %s',
  async ([, initScript]) => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(EMPTY, { name: 'greeter' })
    await using opened = await consoleAt(served.browser, scene, '/home', { initScript })
    const { page } = opened
    await heading(page, 'Home')
    await page.getByRole('button', { name: new RegExp(scene.admin.user) }).press('Enter')
    await page.getByRole('menuitemradio', { name: 'Dark' }).press('Enter')
    await expect
      .poll(() => page.evaluate('document.documentElement.style.colorScheme'))
      .toBe('dark')
    await go(page, 'Functions')
    await page.getByRole('link', { name: 'greeter' }).first().press('Enter')
    await page.getByRole('textbox', { name: /Source of greeter/ }).focus()
    await page.keyboard.type('// a thought\n')
    await page.getByText('save before you leave the page').waitFor()
    expect(page.url()).toContain(functionId)
    await page.keyboard.press('Control+s')
    await page.getByText('save before you leave the page').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: new RegExp(scene.admin.user) }).press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out' }).press('Enter')
    await page.getByLabel('Password').waitFor()
  },
)

test.skipIf(!hasBrowser).for(STORAGES)(
  'an agent answers in a browser %s',
  async ([, initScript]) => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene, 'hello', { initScript })
    const { page, field, consumer } = talk
    await page.getByRole('button', { name: 'Alerts' }).press('Enter')
    const sound = page.getByRole('menuitemcheckbox', { name: /sound/i })
    await sound.press('Space')
    await expect.poll(() => sound.getAttribute('aria-checked')).toBe('true')
    await page.keyboard.press('Escape')
    await field.fill('Good morning')
    await field.press('Enter')
    await consumer.page.getByText('Good morning').waitFor()
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
  },
)
