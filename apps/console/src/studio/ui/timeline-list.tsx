import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { locale } from '../words/index.ts'

export interface TimelineItem {
  key: string
  at: string
  /** Whose doing it is: decides on which side and in which colour it stands. */
  lane: 'agent' | 'bot' | 'consumer' | 'function' | 'system'
  icon: ReactNode
  head: ReactNode
  /** What the head leaves out, shown when the line is opened. */
  body: () => ReactNode
  isBad?: boolean
}

interface Props {
  label: string
  items: readonly TimelineItem[]
  /** The key of the lines that are open. */
  open: ReadonlySet<string>
  onToggle: (key: string) => void
  /** Is brought into sight and gets the focus once, such as a line that a link leads to. */
  goTo?: string | undefined
}

const time = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full' })

/** What happened, one line after the other. The arrow keys go from line to line, Enter opens one. */
export function TimelineList({ label, items, open, onToggle, goTo }: Props) {
  const list = useRef<HTMLOListElement>(null)
  const isThere = items.some(({ key }) => key === goTo)
  useEffect(() => {
    if (!isThere || goTo === undefined) return
    const line = list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(goTo)}"]`)
    line?.focus()
    line?.scrollIntoView({ block: 'center' })
  }, [isThere, goTo])

  function onKeyDown(event: KeyboardEvent<HTMLOListElement>): void {
    const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }
    const step = steps[event.key]
    const heads = [...event.currentTarget.querySelectorAll<HTMLElement>('.timeline-head')]
    const here = heads.findIndex((head) => head === document.activeElement)
    if (step === undefined || here < 0) return
    event.preventDefault()
    heads[here + step]?.focus()
  }

  return (
    <ol className="timeline" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {items.map((item, index) => (
        <li key={item.key} className={`timeline-item ${item.lane} ${item.isBad ? 'is-bad' : ''}`}>
          <Day at={item.at} before={items[index - 1]?.at} />
          <button
            type="button"
            className="timeline-head"
            data-key={item.key}
            aria-expanded={open.has(item.key)}
            onClick={() => onToggle(item.key)}
          >
            <time dateTime={item.at} title={new Date(item.at).toLocaleString(locale)}>
              {time.format(new Date(item.at))}
            </time>
            {item.icon}
            <span className="timeline-text">{item.head}</span>
          </button>
          {open.has(item.key) && <div className="timeline-body">{item.body()}</div>}
        </li>
      ))}
    </ol>
  )
}

function Day({ at, before }: { at: string; before: string | undefined }) {
  const text = day.format(new Date(at))
  if (before !== undefined && day.format(new Date(before)) === text) return null
  return <p className="timeline-day">{text}</p>
}
