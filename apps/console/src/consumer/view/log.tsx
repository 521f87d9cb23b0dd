import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { words } from '../words/index.ts'
import { Icon } from './icons.tsx'

export interface LogProps {
  label: string
  /** Of the first and the last thing that is shown: they tell what was put before and behind. */
  firstKey: string | undefined
  lastKey: string | undefined
  /** The consumer's own words lead to the end, wherever the reader is. */
  isLastOwn: boolean
  isBusy?: boolean
  unread: number
  list: RefObject<HTMLOListElement | null>
  /** The reader is at the beginning. */
  onTop?: () => void
  /** Whether the newest message can be seen. */
  onSeen?: (isSeen: boolean) => void
  /** Escape leads back from the messages. */
  onLeave?: () => void
  children: ComponentChildren
}

/** So near to the end the reader wants to see what comes. */
const NEAR_PX = 48

/** The list of messages. It stays where the reader is, and follows new messages only from its end. */
export function Log(props: LogProps) {
  const { label, firstKey, lastKey, isLastOwn, isBusy = false, unread, children } = props
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const former = useRef({ firstKey, lastKey, height: 0 })
  const isAtEnd = useRef(true)
  const [isAway, setAway] = useState(false)

  function toEnd(): void {
    const box = scroller.current
    if (box) box.scrollTop = box.scrollHeight
  }

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const { firstKey: formerFirst, lastKey: formerLast, height } = former.current
    if (lastKey !== formerLast && isLastOwn) isAtEnd.current = true
    if (isAtEnd.current) toEnd()
    else if (firstKey !== formerFirst) box.scrollTop += box.scrollHeight - height
    former.current = { firstKey, lastKey, height: box.scrollHeight }
  }, [firstKey, lastKey, isBusy])

  useEffect(() => {
    // Pictures that have loaded, and the keyboard of a phone, change the height.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd()
      if (scroller.current) former.current.height = scroller.current.scrollHeight
    })
    if (scroller.current && content.current) {
      observer.observe(scroller.current)
      observer.observe(content.current)
    }
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    const tell = () => props.onSeen?.(isAtEnd.current && document.visibilityState === 'visible')
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => document.removeEventListener('visibilitychange', tell)
  }, [isAway, lastKey])
  useEffect(() => () => props.onSeen?.(false), [])

  function scrolled(): void {
    const box = scroller.current
    if (!box) return
    // From the end as it was last seen: what has grown since is told to the observer only after this, and followed there.
    isAtEnd.current = former.current.height - box.scrollTop - box.clientHeight < NEAR_PX
    setAway(!isAtEnd.current)
    if (box.scrollTop < NEAR_PX && isAway) props.onTop?.()
  }

  return (
    <div class="log">
      <div
        ref={scroller}
        class="scroller"
        tabIndex={0}
        role="log"
        aria-label={label}
        aria-live="polite"
        aria-busy={isBusy}
        onScroll={scrolled}
        onKeyDown={(event) => moveAmong(event, props)}
      >
        <div ref={content} class="content">
          {children}
        </div>
      </div>
      {isAway && (
        <button
          type="button"
          class={unread > 0 ? 'to-end primary' : 'to-end'}
          onClick={() => {
            toEnd()
            scroller.current?.focus()
          }}
        >
          <Icon name="down" />
          <span class={unread > 0 ? '' : 'visually-hidden'}>
            {unread > 0 ? words.newMessages(unread) : words.toNewest}
          </span>
        </button>
      )}
    </div>
  )
}

/** Arrows lead from message to message, Escape back to the field. */
function moveAmong(event: KeyboardEvent, { list, onLeave }: LogProps): void {
  const items = [...(list.current?.querySelectorAll<HTMLElement>(':scope > li[tabindex]') ?? [])]
  const present = items.findIndex((item) => item.matches(':focus'))
  if (present < 0) return
  const wanted = {
    ArrowUp: Math.max(0, present - 1),
    ArrowDown: present + 1,
    Home: 0,
    End: items.length - 1,
  }[event.key]
  if (event.key === 'Escape' || wanted === items.length) {
    event.preventDefault()
    event.stopPropagation()
    onLeave?.()
  } else if (wanted !== undefined) {
    event.preventDefault()
    items[wanted]?.focus()
  }
}
