import { AlarmClock, Bot, CircleDot, Headset, MessageSquare, User } from 'lucide-react'
import type { TimelineItem } from '../ui/timeline-list.tsx'
import { conversationWords } from '../words/conversations.ts'
import { locale } from '../words/index.ts'
import { EventDetails } from './event-details.tsx'
import { type LineContext, nameOf, whoOf } from './line-context.ts'
import { MessageDetails } from './message-details.tsx'
import { runItem } from './run-item.tsx'
import type { EventLine, Line, MessageLine } from './timeline.ts'

const ICON_PX = 16

/** One line of the timeline as the list shows it. */
export function itemOf(line: Line, context: LineContext): TimelineItem {
  switch (line.kind) {
    case 'message':
      return messageItem(line, context)
    case 'run':
      return runItem(line, context)
    case 'event':
      return {
        ...common(line),
        lane: 'system',
        icon: isTimer(line) ? (
          <AlarmClock aria-hidden size={ICON_PX} />
        ) : (
          <CircleDot aria-hidden size={ICON_PX} />
        ),
        head: changeText(line, context),
        body: () => <EventDetails line={line} />,
      }
  }
}

const common = ({ key, at }: Line) => ({ key, at })

function messageItem(line: MessageLine, context: LineContext): TimelineItem {
  const { entry, text, cause } = line
  const { role } = entry.by
  const t = conversationWords
  const [lane, Icon] =
    role === 'CONSUMER'
      ? (['consumer', User] as const)
      : role === 'CONTROLLER'
        ? (['bot', Bot] as const)
        : (['agent', Headset] as const)
  return {
    ...common(line),
    lane,
    icon:
      entry.audience === 'ALL' ? (
        <Icon aria-hidden size={ICON_PX} />
      ) : (
        <MessageSquare aria-hidden size={ICON_PX} />
      ),
    head: (
      <>
        <span className="timeline-who">{whoOf(line, context)}</span> <bdi>{text ?? t.notText}</bdi>
        {cause && <span className="chip">{t.ran(nameOf(cause, context))}</span>}
        {entry.audience !== 'ALL' && <span className="chip warn">{t.private}</span>}
      </>
    ),
    body: () => <MessageDetails line={line} {...context} />,
  }
}

const isTimer = ({ entry }: EventLine): boolean => entry.timer !== undefined

function changeText({ entry }: EventLine, { names }: LineContext): string {
  const t = conversationWords
  const who = entry.userId === undefined ? '' : names.userName(entry.userId)
  const skill = (id: string | undefined) =>
    id === undefined || id === '-1' ? t.noSkill : names.skillName(id)
  const place = (id: string | undefined) =>
    id === undefined ? '–' : names.skillName(names.userName(id))
  switch (entry.type) {
    case 'joined':
    case 'left':
      return t.changes[entry.type](`${who}${entry.role ? ` (${t.roles[entry.role]})` : ''}`)
    case 'skill':
      return t.changes.skill(skill(entry.from), skill(entry.to))
    case 'transfer':
      return t.changes.transfer(place(entry.from), place(entry.to))
    case 'timer-set':
    case 'timer-fired':
    case 'timer-cancelled': {
      const { timer = '', dueAt = entry.at } = entry
      const at = new Date(dueAt).toLocaleTimeString(locale)
      return t.timed[entry.type](t.timers[timer] ?? t.timer(timer), at)
    }
    default:
      return [
        t.changes[entry.type],
        entry.by === undefined ? '' : t.by(t.closers[entry.by] ?? names.userName(entry.by)),
      ].join(' ')
  }
}
