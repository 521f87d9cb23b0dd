import type { LogEntry } from '@parley/contract'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef, useState } from 'react'
import { locale, words } from '../words/index.ts'

const ROW_PX = 26

interface Props {
  entries: readonly LogEntry[]
  nameOf: (functionId: string) => string
}

const time = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** Log lines: only those in sight are in the page. The arrow keys go from line to line, Enter opens one. */
export function LogList({ entries, nameOf }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(0)
  const [open, setOpen] = useState<string>()
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => keyOf(entries[index]),
  })

  function move(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowDown: focused + 1,
      ArrowUp: focused - 1,
      Home: 0,
      End: entries.length - 1,
    }
    if (event.key === 'Enter') {
      const key = keyOf(entries[focused])
      setOpen(open === key ? undefined : key)
      return
    }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    const index = Math.max(0, Math.min(entries.length - 1, next))
    setFocused(index)
    rows.scrollToIndex(index)
    requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus(),
    )
  }

  return (
    <div className="log-list" ref={frame} onKeyDown={move}>
      <div
        role="treegrid"
        aria-label={words.logs.list}
        aria-rowcount={entries.length}
        className="log-rows"
        // The height of what is not drawn.
        ref={(element) => {
          if (element) element.style.height = `${rows.getTotalSize()}px`
        }}
      >
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const entry = entries[index]
          if (!entry) return null
          const isOpen = open === keyOf(entry)
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 1}
              aria-expanded={isOpen}
              data-index={index}
              tabIndex={index === focused ? 0 : -1}
              className={`log-row ${entry.level.toLowerCase()} ${isOpen ? 'open' : ''}`}
              onFocus={() => setFocused(index)}
              onClick={() => setOpen(isOpen ? undefined : keyOf(entry))}
              ref={(element) => {
                if (!element) return
                element.style.transform = `translateY(${start}px)`
                rows.measureElement(element)
              }}
            >
              <time
                role="gridcell"
                dateTime={entry.at}
                title={new Date(entry.at).toLocaleString(locale)}
              >
                {time.format(new Date(entry.at))}
              </time>
              <span role="gridcell" className="level">
                {words.logs.levels[entry.level]}
              </span>
              <span role="gridcell" className="name">
                <bdi>{nameOf(entry.functionId)}</bdi>
              </span>
              <span role="gridcell" className="message">
                <bdi>{entry.message}</bdi>
                {entry.extras.length > 0 && (
                  <code> {entry.extras.map((extra) => JSON.stringify(extra)).join(' ')}</code>
                )}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function keyOf(entry: LogEntry | undefined): string {
  return entry ? `${entry.recordId} ${entry.position}` : ''
}
