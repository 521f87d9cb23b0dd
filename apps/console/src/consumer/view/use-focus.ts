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
  const hadFocus = useRef(false)
  const former = useRef(mode)
  useLayoutEffect(() => {
    const root = box.current?.getRootNode() as ShadowRoot | undefined
    if (former.current !== mode && hadFocus.current && root?.activeElement === null) {
      target()?.focus()
    }
    former.current = mode
  }, [mode])
  useLayoutEffect(() => {
    const node = box.current
    if (!node) return undefined
    const enter = () => (hadFocus.current = true)
    const leave = ({ relatedTarget, target: left }: FocusEvent) => {
      // What is taken down leaves the focus nowhere: it had it.
      if ((left as Node).isConnected) hadFocus.current = node.contains(relatedTarget as Node | null)
    }
    node.addEventListener('focusin', enter)
    node.addEventListener('focusout', leave)
    return () => {
      node.removeEventListener('focusin', enter)
      node.removeEventListener('focusout', leave)
    }
  }, [])
}
