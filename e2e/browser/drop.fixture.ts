import type { Locator } from 'playwright-core'

/**
 * Drags, drops or pastes text files of these names at an element. Resolves whether the page answers that itself: else the browser
 * would, and go to a file that is dropped.
 */
export function dispatchFiles(
  at: Locator,
  type: 'dragover' | 'drop' | 'paste',
  names: string[],
): Promise<boolean> {
  return at.evaluate(
    (element, wanted) => {
      const files = new DataTransfer()
      for (const name of wanted.names) {
        files.items.add(new File([name], name, { type: 'text/plain' }))
      }
      const bubbling = { bubbles: true, cancelable: true, composed: true }
      const event =
        wanted.type === 'paste'
          ? new ClipboardEvent('paste', { ...bubbling, clipboardData: files })
          : new DragEvent(wanted.type, { ...bubbling, dataTransfer: files })
      return !element.dispatchEvent(event)
    },
    { type, names },
  )
}
