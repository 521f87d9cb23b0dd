import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** So many rows before the end, what follows is asked for. */
const AHEAD = 30

interface Options {
  count: number
  rowPx: number
  keyOf: (index: number) => string
  /** There are more than are loaded. */
  hasMore: boolean
  onMore: (() => void) | undefined
  /** A key, without others held, that leads to no other row. */
  onKey: (event: KeyboardEvent, focused: number) => void
}

/**
 * Very many rows, of which only those in sight are in the page, and the one that keys go from: each drawn one has its `data-index`. The
 * arrow keys, `j` and `k`, Page up and down, Home and End go from row to row.
 */
export function useRows({ count, rowPx, keyOf, hasMore, onMore, onKey }: Options) {
  const frame = useRef<HTMLDivElement>(null)
  const [chosen, setFocused] = useState(0)
  // A filter may leave fewer: the Tab key leads to one of those.
  const focused = Math.max(0, Math.min(chosen, count - 1))
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: 12,
    getItemKey: keyOf,
    // Were it taken away when it is out of sight, the focus would go with it, and keys would lead nowhere.
    rangeExtractor(range) {
      const inSight = defaultRangeExtractor(range)
      if (focused >= count || inSight.includes(focused)) return inSight
      return focused < range.startIndex ? [focused, ...inSight] : [...inSight, focused]
    },
  })
  const drawn = virtual.getVirtualItems()
  const isNearEnd = (virtual.range?.endIndex ?? 0) >= count - AHEAD
  const more = useRef(onMore)
  more.current = onMore
  useEffect(() => {
    if (hasMore && isNearEnd) more.current?.()
  }, [hasMore, isNearEnd, count])

  function onKeyDown(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey) return
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / rowPx) - 1)
    const steps: Record<string, number> = {
      ArrowDown: focused + 1,
      ArrowUp: focused - 1,
      j: focused + 1,
      k: focused - 1,
      PageDown: focused + page,
      PageUp: focused - page,
      Home: 0,
      End: count - 1,
    }
    const next = steps[key]
    if (next === undefined) return onKey(event, focused)
    event.preventDefault()
    const index = Math.max(0, Math.min(count - 1, next))
    // Drawn at once, wherever it is: the next key may come before the next frame.
    flushSync(() => setFocused(index))
    virtual.scrollToIndex(index)
    frame.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus()
  }

  /** The `ref` of what holds the rows: it has the height of those that are not drawn, too. */
  function holder(element: HTMLElement | null): void {
    if (element) element.style.height = `${virtual.getTotalSize()}px`
  }
  return { frame, focused, setFocused, drawn, measure: virtual.measureElement, holder, onKeyDown }
}
