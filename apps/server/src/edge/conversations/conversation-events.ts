import type { ConversationState, TimelineEntry } from '@parley/contract'
import { TimerName, waitsSince } from '#messaging/rules'
import { instant } from './shapes.ts'

type EventEntry = Extract<TimelineEntry, { kind: 'event' }>

interface EventAt {
  at: number
  /** Among those of one instant, whatever is added to the state or left out of it later. */
  place: string
  entry: EventEntry
}

/** What happened in the conversation, as far as its state remembers: oldest first, in one order for ever. */
export function eventsOf(state: ConversationState): EventAt[] {
  const { startedAt, endedAt, closedBy, dialogs, moves } = state
  const found = [
    event(startedAt, 'opened', {}, '0'),
    ...dialogs.map(({ dialogId, openedAt }, index) =>
      event(openedAt, 'dialog-opened', { dialogId }, `1${numbered(index)}`),
    ),
    ...moves.map(({ at, kind, metadata: _metadata, ...step }, index) =>
      event(at, kind, step, `2${numbered(index)}`),
    ),
    ...timersOf(state),
    ...dialogs.flatMap(({ dialogId, closedAt, closedBy: by }, index) =>
      closedAt === undefined
        ? []
        : [
            event(
              closedAt,
              'dialog-closed',
              { dialogId, ...(by && { by }) },
              `4${numbered(index)}`,
            ),
          ],
    ),
    ...(endedAt === undefined
      ? []
      : [event(endedAt, 'closed', closedBy ? { by: closedBy } : {}, '5')]),
  ]
  return found.toSorted((a, b) => a.at - b.at || (a.place < b.place ? -1 : 1))
}

const numbered = (index: number): string => String(index).padStart(6, '0')

/** What timers became, and those that are still to come. Of both is known since when they wait, so that it need not be noted. */
function timersOf(state: ConversationState) {
  const { timerNotes = [], timers } = state
  const timer = (
    at: number,
    became: 'timer-set' | 'timer-fired' | 'timer-cancelled',
    { name, dueAt }: { name: string; dueAt: number },
  ) => {
    // The place of a timer stays when it fires: it was set, then it became something, and after that it may be set again.
    const place = `3${name}-${numbered(dueAt)}-${became === 'timer-set' ? 0 : 1}`
    return event(at, became, { timer: name, dueAt: instant(dueAt) }, place)
  }
  const past = timerNotes.flatMap((note) => [
    ...(note.since === undefined ? [] : [timer(note.since, 'timer-set', note)]),
    timer(note.at, `timer-${note.became}`, note),
  ])
  const future = TimerName.options.flatMap((name) => {
    const since = waitsSince(state, name)
    const dueAt = timers[name]
    return since === undefined || dueAt === undefined
      ? []
      : [timer(since, 'timer-set', { name, dueAt })]
  })
  return [...past, ...future]
}

function event(
  at: number,
  type: EventEntry['type'],
  rest: Partial<Omit<EventEntry, 'kind' | 'at' | 'type'>>,
  place: string,
): EventAt {
  return { at, place, entry: { kind: 'event' as const, at: instant(at), type, ...rest } }
}
