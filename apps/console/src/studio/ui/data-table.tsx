import type { ReactNode } from 'react'
import { words } from '../words/index.ts'
import { useRows } from './use-rows.ts'
import { useScrollPlace } from './use-scroll-place.ts'

const ROW_PX = 33

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
  const { frame, focused, setFocused, drawn, holder, onKeyDown } = useRows({
    count: rows.length,
    rowPx: ROW_PX,
    keyOf(index) {
      const row = rows[index]
      return row === undefined ? '' : keyOf(row)
    },
    hasMore,
    onMore,
    onKey({ key }, index) {
      const row = rows[index]
      if (key === 'Enter' && row !== undefined) onOpen(row)
    },
  })
  useScrollPlace('table', () => frame.current)

  return (
    <div className={`data-table ${className}`} ref={frame} onKeyDown={onKeyDown}>
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
        <div role="rowgroup" className="rows" ref={holder}>
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
