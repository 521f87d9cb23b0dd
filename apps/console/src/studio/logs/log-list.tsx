import type { LogEntry } from '@parley/contract'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { locale, words } from '../words/index.ts'
import { keyOf } from './use-live-logs.ts'

const ROW_PX = 26
/** So many lines before the end, what follows is asked for. */
const AHEAD = 30

interface Props {
  entries: readonly LogEntry[]
  nameOf: (functionId: string) => string
  /** There are older lines than are loaded. */
  hasMore: boolean
  onMore: () => void
  /** The reader has a line in the hand: the list must not move. */
  onRead: () => void
  /** Holds the list, or lets it go on. */
  onSwitch: () => void
}

const time = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** Log lines: only those in sight are in the page. The arrow keys go from line to line, Enter opens one, Space holds the list. */
export function LogList({ entries, nameOf, hasMore, onMore, onRead, onSwitch }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(0)
  const [open, setOpen] = useState<string>()
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => keyAt(entries[index]),
  })
  const drawn = rows.getVirtualItems()
  const isNearEnd = (drawn.at(-1)?.index ?? 0) >= entries.length - AHEAD
  const more = useRef(onMore)
  more.current = onMore
  useEffect(() => {
    if (hasMore && isNearEnd) more.current()
  }, [hasMore, isNearEnd, entries.length])

  function move(event: KeyboardEvent): void {
    const { key: pressed, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey) return
    if (pressed === ' ') {
      event.preventDefault()
      onSwitch()
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
      End: entries.length - 1,
    }
    if (pressed === 'Enter') {
      const key = keyAt(entries[focused])
      setOpen(open === key ? undefined : key)
      return
    }
    const next = steps[pressed]
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
    <div
      className="log-list"
      ref={frame}
      onKeyDown={move}
      onScroll={({ currentTarget }) => currentTarget.scrollTop > 0 && onRead()}
    >
      <div
        role="treegrid"
        aria-label={words.logs.list}
        aria-rowcount={hasMore ? -1 : entries.length}
        className="log-rows"
        // The height of what is not drawn.
        ref={(element) => {
          if (element) element.style.height = `${rows.getTotalSize()}px`
        }}
      >
        {drawn.map(({ index, key, start }) => {
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
              onFocus={() => {
                setFocused(index)
                onRead()
              }}
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

function keyAt(entry: LogEntry | undefined): string {
  return entry ? keyOf(entry) : ''
}
