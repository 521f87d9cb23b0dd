import type { LogEntry } from '@parley/contract'
import { useState } from 'react'
import { useRows } from '../ui/use-rows.ts'
import { locale, words } from '../words/index.ts'
import { keyOf } from './use-live-logs.ts'

const ROW_PX = 26

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
  const [open, setOpen] = useState<string>()
  const { frame, focused, setFocused, drawn, measure, holder, onKeyDown } = useRows({
    count: entries.length,
    rowPx: ROW_PX,
    keyOf: (index) => keyAt(entries[index]),
    hasMore,
    onMore,
    onKey(event, index) {
      if (event.key === 'Enter') {
        const key = keyAt(entries[index])
        setOpen(open === key ? undefined : key)
      } else if (event.key === ' ') {
        event.preventDefault()
        onSwitch()
      }
    },
  })

  return (
    <div
      className="log-list"
      ref={frame}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) => currentTarget.scrollTop > 0 && onRead()}
    >
      <div
        role="treegrid"
        aria-label={words.logs.list}
        aria-rowcount={hasMore ? -1 : entries.length}
        className="log-rows"
        ref={holder}
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
                measure(element)
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
