import { openDialogs } from './open-dialogs.ts'

/**
 * Whatever has the focus may vanish or be switched off by what it did, such as the last entry of a list or a button that saves. The
 * keyboard would then start over at the top of the page, and Escape would reach no dialog: the dialog or the title of the page gets it.
 */
export function keepFocus(): void {
  let last: Element | null = null
  let isLooking = false
  addEventListener('focusin', ({ target }) => (last = target instanceof Element ? target : null))
  function look(): HTMLElement | undefined {
    isLooking = false
    if (document.activeElement !== document.body || !last || isUsable(last)) return
    const next = openDialogs().at(-1) ?? document.querySelector<HTMLElement>('main h1')
    next?.focus({ preventScroll: true })
    return next ?? undefined
  }
  new MutationObserver(() => {
    if (isLooking) return
    isLooking = true
    // Whoever closes something gives the focus back in the next frame: that comes first.
    requestAnimationFrame(() => requestAnimationFrame(look))
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] })
  // A key that comes before those frames, on a busy machine or from a quick hand, is for what gets the focus, too.
  function redirect(event: KeyboardEvent): void {
    const next = event.target === document.body ? look() : undefined
    if (!next) return
    event.stopImmediatePropagation()
    if (!next.dispatchEvent(new KeyboardEvent(event.type, event))) event.preventDefault()
  }
  addEventListener('keydown', redirect, true)
}

const isUsable = (element: Element): boolean => element.isConnected && !element.matches(':disabled')
