import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '../../studio/ui/button.tsx'
import { besideWords } from '../beside/words.ts'
import type { Desk } from '../desk/desk.ts'
import type { Entry, Marks, Talk, Unsent } from '../desk/state.ts'
import { dayName, t } from '../words.ts'
import { Message, UnsentMessage } from './message.tsx'

interface Props {
  desk: Desk
  talk: Talk
  /** Of the consumer. */
  name: string
  /** Of the agent, by the published id. */
  pid: string
  nameOfUser: (pid: string) => string
  entries: readonly Entry[]
  unsent: readonly Unsent[]
  delivered: Marks
  read: Marks
  /** Escape leads back to the field. */
  onLeave: () => void
}

/** So near to the end the reader wants to see what comes. */
const NEAR_PX = 48
/** Messages that are drawn at first, and more with each press. */
const DRAWN = 150

/** What was said. It follows new messages only from its end. */
export function MessageLog(props: Props) {
  const { desk, talk, name, entries, unsent, delivered, read } = props
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLOListElement>(null)
  /** Of what is scrolled, when it was last seen. */
  const height = useRef(0)
  const [isAway, setAway] = useState(false)
  const [drawn, setDrawn] = useState(DRAWN)
  /** Where the reader was before earlier messages were drawn. */
  const former = useRef({ top: 0, height: 0 })
  const waiting = unsent.filter((one) => one.conversationId === talk.conversationId)
  const newest = entries.at(-1)
  const count = entries.length + waiting.length
  const seenCount = useRef(count)
  if (!isAway) seenCount.current = count

  function settle(): void {
    if (!box.current) return
    if (!isAway) box.current.scrollTop = box.current.scrollHeight
    height.current = box.current.scrollHeight
  }

  useLayoutEffect(settle, [count, isAway])
  useLayoutEffect(() => {
    const { top, height: before } = former.current
    if (drawn === DRAWN || !box.current) return
    box.current.scrollTop = top + box.current.scrollHeight - before
    height.current = box.current.scrollHeight
  }, [drawn])
  useEffect(() => {
    // Pictures that have loaded, the keyboard of a phone, and a longer draft, change the height.
    const observer = new ResizeObserver(settle)
    if (box.current) observer.observe(box.current)
    if (content.current) observer.observe(content.current)
    return () => observer.disconnect()
  }, [isAway])
  useEffect(() => {
    const tell = () => desk.setSeen(!isAway && document.visibilityState === 'visible')
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      desk.setSeen(false)
    }
  }, [desk, isAway, newest])

  function scrolled(): void {
    const scroller = box.current
    if (!scroller) return
    // What has grown since is told to the observer only after this, and followed there.
    setAway(height.current - scroller.scrollTop - scroller.clientHeight >= NEAR_PX)
  }

  function drawEarlier(): void {
    const scroller = box.current
    if (!scroller) return
    former.current = { top: scroller.scrollTop, height: scroller.scrollHeight }
    const next = drawn + DRAWN
    // The button goes, and would take the focus with it.
    if (entries.length <= next) scroller.focus()
    setDrawn(next)
  }

  function authorOf({ role, pid, author, dialogId }: Entry): string {
    if (role === 'CONSUMER') return name
    if (role === 'CONTROLLER') return t.automatic
    if (pid === props.pid) return t.you
    const dialog = talk.dialogs.find((one) => one.dialogId === dialogId)
    if (dialog?.type === 'POST_SURVEY') return besideWords.survey.title
    if (author !== undefined) return author
    const known = pid === undefined ? '' : props.nameOfUser(pid)
    return known === '' || known === pid ? t.colleague : known
  }

  const shown = entries.slice(-drawn)
  return (
    <div className="log">
      <div
        ref={box}
        className="log-box"
        role="log"
        aria-label={t.messages(name)}
        tabIndex={0}
        onScroll={scrolled}
        onKeyDown={(event) => moveAmong(event, props.onLeave)}
      >
        {entries.length > drawn && <Button onPress={drawEarlier}>{t.earlierMessages}</Button>}
        <ol ref={content}>
          {shown.map((entry, index) => {
            const before = shown[index - 1]
            const isNewDay = !before || dayName(before.at) !== dayName(entry.at)
            const own = entry.pid === props.pid
            const mark = (marks: Marks) => entry.sequence <= (marks[entry.dialogId] ?? -1)
            return (
              <Message
                key={`${entry.dialogId} ${entry.sequence}`}
                desk={desk}
                entry={entry}
                author={authorOf(entry)}
                isOwn={own}
                day={isNewDay ? dayName(entry.at) : undefined}
                isFirst={isNewDay || !isSameAuthor(before, entry)}
                receipt={
                  own && !entry.isPrivate && !talk.chat
                    ? mark(read)
                      ? 'read'
                      : mark(delivered)
                        ? 'delivered'
                        : 'sent'
                    : undefined
                }
              />
            )
          })}
          {waiting.map((one) => (
            <UnsentMessage key={one.key} unsent={one} desk={desk} />
          ))}
        </ol>
      </div>
      {isAway && (
        <Button className="to-end" onPress={() => setAway(false)}>
          {count > seenCount.current ? t.newMessages(count - seenCount.current) : t.toNewest}
        </Button>
      )}
    </div>
  )
}

function isSameAuthor(a: Entry, b: Entry): boolean {
  return (
    a.pid === b.pid &&
    a.role === b.role &&
    a.author === b.author &&
    a.content.kind !== 'event' &&
    b.content.kind !== 'event'
  )
}

/** Arrows lead from message to message, Escape back to the field. */
function moveAmong(event: KeyboardEvent<HTMLElement>, onLeave: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('li[tabindex]')]
  const here = items.findIndex((item) => item === document.activeElement)
  const steps: Record<string, number> = {
    ArrowUp: here < 0 ? items.length - 1 : Math.max(0, here - 1),
    ArrowDown: here + 1,
    Home: 0,
    End: items.length - 1,
  }
  const next = event.altKey ? undefined : steps[event.key]
  if (event.key !== 'Escape' && next === undefined) return
  event.preventDefault()
  if (event.key === 'Escape' || next === items.length) onLeave()
  else items[next ?? 0]?.focus()
}
