import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { words } from '../words/index.ts'

const ROW_PX = 33
/** So many rows before the end, what follows is asked for. */
const AHEAD = 30

export interface Column<Row> {
  id: string
  title: string
  cell: (row: Row) => ReactNode
  /** Left out where the page is narrow. */
  isMinor?: boolean
}

interface Props<Row> {
  label: string
  /** Its class sets the widths of the columns: `grid-template-columns` of `.row`. */
  className: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  onOpen: (row: Row) => void
  /** There are more than are loaded. */
  hasMore?: boolean
  onMore?: () => void
}

/** Very many rows, of which only those in sight are in the page. The arrow keys go from row to row, Enter opens one. */
export function DataTable<Row>(props: Props<Row>) {
  const { label, className, columns, rows, keyOf, onOpen, hasMore = false, onMore } = props
  const frame = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => keyAt(rows[index]),
  })
  const drawn = virtual.getVirtualItems()
  const isNearEnd = (drawn.at(-1)?.index ?? 0) >= rows.length - AHEAD
  const more = useRef(onMore)
  more.current = onMore
  useEffect(() => {
    if (hasMore && isNearEnd) more.current?.()
  }, [hasMore, isNearEnd, rows.length])

  function keyAt(row: Row | undefined): string {
    return row === undefined ? '' : keyOf(row)
  }

  function move(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      const row = rows[focused]
      if (row !== undefined) onOpen(row)
      return
    }
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / ROW_PX) - 1)
    const steps: Record<string, number> = {
      ArrowDown: focused + 1,
      ArrowUp: focused - 1,
      j: focused + 1,
      k: focused - 1,
      PageDown: focused + page,
      PageUp: focused - page,
      Home: 0,
      End: rows.length - 1,
    }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(rows.length - 1, next))
    setFocused(index)
    virtual.scrollToIndex(index)
    requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus(),
    )
  }

  return (
    <div className={`data-table ${className}`} ref={frame} onKeyDown={move}>
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-colcount={columns.length}
      >
        <div role="row" aria-rowindex={1} className="row head">
          {columns.map(({ id, title, isMinor }) => (
            <span key={id} role="columnheader" className={isMinor ? 'minor' : ''}>
              {title}
            </span>
          ))}
        </div>
        <div
          role="rowgroup"
          className="rows"
          // The height of what is not drawn.
          ref={(element) => {
            if (element) element.style.height = `${virtual.getTotalSize()}px`
          }}
        >
          {drawn.map(({ index, key, start }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                tabIndex={index === focused ? 0 : -1}
                className="row"
                onFocus={() => setFocused(index)}
                onClick={() => onOpen(row)}
                ref={(element) => {
                  if (element) element.style.transform = `translateY(${start}px)`
                }}
              >
                {columns.map(({ id, cell, isMinor }) => (
                  <span key={id} role="gridcell" className={isMinor ? 'minor' : ''}>
                    {cell(row)}
                  </span>
                ))}
              </div>
            )
          })}
        </div>
      </div>
      {hasMore && (
        <p role="status" className="faint more">
          {words.common.loading}
        </p>
      )}
    </div>
  )
}
