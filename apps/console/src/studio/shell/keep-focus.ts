import { openDialogs } from './open-dialogs.ts'

/**
 * Whatever has the focus may vanish or be switched off by what it did, such as the last entry of a list or a button that saves. The
 * keyboard would then start over at the top of the page, and Escape would reach no dialog: the dialog gets it, or what stands for the
 * part of the page in which it was. Where one dialog has followed another, only the first knows what it was opened from: that gets it.
 * @param places what may get it: the one that had it, as long as it shows anything, else the first
 */
export function keepFocus(places: string): void {
  let last: Element | null = null
  let place: Element | null = null
  /** What had it last outside of dialogs and menus. */
  let opener: HTMLElement | null = null
  let wasInDialog = false
  let isLooking = false
  addEventListener('focusin', ({ target }) => {
    last = target instanceof Element ? target : null
    place = last?.closest(places) ?? place
    wasInDialog = openDialogs().some((one) => one.contains(last))
    // What a menu leads to was opened by its button: the menu is gone by then.
    if (!wasInDialog && !last?.closest('.popover'))
      opener = last instanceof HTMLElement ? last : null
  })
  function findPlace(): HTMLElement | undefined {
    const shown = [...document.querySelectorAll<HTMLElement>(places)].filter(
      (one) => one.hasChildNodes() && one.checkVisibility(),
    )
    return shown.find((one) => one === place) ?? shown[0]
  }
  function look(): HTMLElement | undefined {
    isLooking = false
    if (document.activeElement !== document.body || !last || isUsable(last)) return
    const from = wasInDialog && opener && isUsable(opener) ? opener : findPlace()
    const next = openDialogs().at(-1) ?? from
    next?.focus({ preventScroll: true })
    return next
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
