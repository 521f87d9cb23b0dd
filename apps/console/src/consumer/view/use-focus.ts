import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Where the focused element disappears with a change of `mode`, the focus goes to what `target` finds, instead of to the
 * beginning of the page.
 */
export function useKeptFocus(
  box: RefObject<HTMLElement | null>,
  mode: string,
  target: () => HTMLElement | null | undefined,
): void {
  const root = box.current?.getRootNode() as ShadowRoot | undefined
  // Asked before the change is made: afterwards the element is gone.
  const hadFocus = root !== undefined && root.activeElement !== null
  const former = useRef(mode)
  useLayoutEffect(() => {
    const isLost = hadFocus && root.activeElement === null
    if (former.current !== mode && isLost) target()?.focus()
    former.current = mode
  }, [mode])
}
