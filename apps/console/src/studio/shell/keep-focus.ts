import { openDialogs } from './open-dialogs.ts'

/**
 * Whatever has the focus may vanish or be switched off by what it did, such as the last entry of a list or a button that saves. The
 * keyboard would then start over at the top of the page, and Escape would reach no dialog: the dialog or the title of the page gets it.
 */
export function keepFocus(): void {
  let last: Element | null = null
  let isLooking = false
  addEventListener('focusin', ({ target }) => (last = target instanceof Element ? target : null))
  function look(): void {
    isLooking = false
    if (document.activeElement !== document.body || !last || isUsable(last)) return
    const next = openDialogs().at(-1) ?? document.querySelector<HTMLElement>('main h1')
    next?.focus({ preventScroll: true })
  }
  new MutationObserver(() => {
    if (isLooking) return
    isLooking = true
    // Whoever closes something gives the focus back in the next frame: that comes first.
    requestAnimationFrame(() => requestAnimationFrame(look))
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] })
}

const isUsable = (element: Element): boolean => element.isConnected && !element.matches(':disabled')
