import type { Locator, Page } from 'playwright-core'
import { paste } from './console.fixture.ts'

/** More than any page has places that Tab goes to. */
const MAX_STEPS = 400

/** Somebody who has a keyboard and nothing else: gets everywhere with Tab, and never touches an element by other ways. */
export interface Keyboard {
  /** Goes on with Tab until the element, or something in it, has the focus. */
  to(target: Locator): Promise<void>
  /** Goes there, and presses. */
  press(target: Locator, key?: string): Promise<void>
  /** Goes there, and writes this instead of what is there. */
  write(target: Locator, text: string): Promise<void>
  /** Goes to a drop-down list or a menu, and takes the first item that fits. */
  choose(target: Locator, item: RegExp): Promise<void>
  key(key: string): Promise<void>
}

export function keyboardOf(page: Page): Keyboard {
  const { keyboard } = page
  /** Monaco keeps Tab until it is told once to let it go, then for all its editors. */
  let leavesEditors = false

  async function to(target: Locator): Promise<void> {
    const found = target.first()
    await found.waitFor({ state: 'attached' })
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      if (await found.evaluate(HAS_FOCUS)) return
      if (!leavesEditors && (await page.evaluate(IN_EDITOR))) {
        await keyboard.press('Control+m')
        leavesEditors = true
      }
      await keyboard.press('Tab')
    }
    throw new Error(`Tab does not lead to ${String(found)}`)
  }

  async function press(target: Locator, key = 'Enter'): Promise<void> {
    await to(target)
    await keyboard.press(key)
  }

  return {
    to,
    press,
    key: (key) => keyboard.press(key),
    async write(target, text) {
      await to(target)
      if (await page.evaluate(IN_EDITOR)) return await paste(page, text)
      await keyboard.press('ControlOrMeta+a')
      await keyboard.insertText(text)
    },
    async choose(target, item) {
      await press(target)
      const options = page.getByRole('listbox').or(page.getByRole('menu'))
      // Before, the keys are for the button, and the text of that may fit as well.
      await options.and(page.locator(':focus-within')).waitFor()
      await keyboard.press('Home')
      for (let steps = 0; steps < MAX_STEPS; steps++) {
        if (item.test(await page.evaluate<string>(FOCUSED_TEXT))) {
          await keyboard.press('Enter')
          await options.waitFor({ state: 'detached' })
          return
        }
        await keyboard.press('ArrowDown')
      }
      throw new Error(`The arrow keys do not lead to ${item}`)
    },
  }
}

/** Also in a shadow tree. */
const HAS_FOCUS = (element: { matches(selector: string): boolean }) =>
  element.matches(':focus-within')
const IN_EDITOR = `document.activeElement?.closest('.monaco-editor') !== null`
const FOCUSED_TEXT = `document.activeElement?.textContent ?? ''`
