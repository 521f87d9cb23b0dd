import { anchoredMs, type Scene, type TestServer } from '@parley/server/testing'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { eventually } from '../live/eventually.ts'
import { axeFindings } from './axe.fixture.ts'
import { openPage, type PageOptions } from './browser.fixture.ts'
import { takePicture } from './pictures.fixture.ts'

const DESK = { viewport: { width: 1280, height: 800 } }

/** Dark; for those who see little; and for those whose system chooses all colours. */
const OTHER_LOOKS = [
  { contrast: 'no-preference', forcedColors: 'none' },
  { contrast: 'more', forcedColors: 'none' },
  { contrast: 'more', forcedColors: 'active' },
] as const

/** Without findings of axe in light, dark and high contrast, and not larger than the window, in which panes are scrolled. */
export async function check(page: Page, picture: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await takePicture(page, picture)
  expect(await axeFindings(page)).toEqual([])
  for (const look of OTHER_LOOKS) {
    await page.emulateMedia({ colorScheme: 'dark', ...look })
    expect(await axeFindings(page, 'colours')).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light', contrast: null, forcedColors: null })
  expect(await page.evaluate(BEYOND)).toBeLessThanOrEqual(0)
  expect(await page.evaluate(BELOW)).toBeLessThanOrEqual(0)
}

/** A page whose looks are checked on a desk: on a phone, dark, it is read and fits as well. */
export async function checkOnPhone(page: Page, picture: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' })
  await takePicture(page, picture)
  expect(await axeFindings(page)).toEqual([])
  expect(await page.evaluate(BEYOND)).toBeLessThanOrEqual(0)
}

const BEYOND = 'document.documentElement.scrollWidth - innerWidth'
const BELOW = 'document.documentElement.scrollHeight - innerHeight'

/** The quickest of three, since one look may catch a busy moment; in milliseconds of an ordinary machine. */
export async function quickest(
  work: () => Promise<unknown>,
  before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<number> {
  const times: number[] = []
  for (let look = 0; look < 3; look++) {
    await before()
    times.push(await anchoredMs(work))
  }
  return Math.min(...times)
}

/** A page of the console; `url` is that of the server. */
export async function openConsole(
  browser: Browser,
  url: string,
  path: string,
  options: PageOptions = DESK,
) {
  const opened = await openPage(browser, `${url}/console${path}`, options)
  return { ...opened, [Symbol.asyncDispose]: () => opened.page.context().close() }
}

/** Until it is built, which takes minutes on a slow machine, its pages only say so. */
export async function consoleIsBuilt(server: TestServer): Promise<void> {
  await eventually('The console', async () => {
    const { status } = await server.request('GET', '/console')
    return status === 200 || undefined
  })
}

export async function signIn(
  page: Page,
  admin: { user: string; password: string },
  locale = 'en',
): Promise<void> {
  const isGerman = locale.startsWith('de')
  await page.getByLabel(isGerman ? 'Anmeldename' : 'Login name').fill(admin.user)
  await page.getByLabel(isGerman ? 'Passwort' : 'Password').fill(admin.password)
  await page.keyboard.press('Enter')
}

/** What the browser says of answers like 404, and Monaco of a comparison that is closed before it is done. */
const NO_PROBLEMS = /the server responded with|no diff result available/

/** The administrator of a new account, at the page; what is wrong is found when it is disposed. */
export async function consoleAt(
  browser: Browser,
  scene: Pick<Scene, 'url' | 'accountId' | 'admin'>,
  path: string,
  {
    user = scene.admin,
    isCut = false,
    ...options
  }: PageOptions & {
    user?: { user: string; password: string }
    /** The connection is cut meanwhile: requests may fail. */
    isCut?: boolean
  } = {},
) {
  const opened = await openConsole(browser, scene.url, `/${scene.accountId}${path}`, {
    ...DESK,
    ...options,
  })
  await signIn(opened.page, user, options?.locale)
  const pages = options?.locale?.startsWith('de') ? 'Seiten' : 'Pages'
  await opened.page.getByRole('navigation', { name: pages }).waitFor()
  return {
    page: opened.page,
    async [Symbol.asyncDispose]() {
      const { problems, origins } = opened
      await opened[Symbol.asyncDispose]()
      const own = problems.filter((text) => !NO_PROBLEMS.test(text))
      if (!isCut) expect(own).toEqual([])
      expect([...origins]).toEqual([new URL(scene.url).host])
    },
  }
}

export async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).press('Enter')
}

export async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

/** Instead of everything: the editor would close brackets that are typed. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('ControlOrMeta+v')
}

/**
 * Presses a key in the dialog that is shown, once the dialog has the focus: before, the key is for the page below. Enter is for the
 * button in it that has the focus.
 */
export async function pressInDialog(page: Page, key: 'Enter' | 'Escape'): Promise<void> {
  const dialog = page.locator('[role=dialog], [role=alertdialog]').filter({ visible: true })
  await (key === 'Enter' ? dialog.locator(':focus') : dialog.and(page.locator(':focus-within')))
    .first()
    .waitFor()
  await page.keyboard.press(key)
}

/** Takes this one of an open list. The next key is for the page when the list is gone, and has given the focus back. */
export async function pick(page: Page, option: { name: string; exact?: boolean }): Promise<void> {
  await page.getByRole('option', option).press('Enter')
  await page.getByRole('listbox').waitFor({ state: 'detached' })
}
