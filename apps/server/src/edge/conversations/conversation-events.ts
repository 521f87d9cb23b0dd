import type { ConversationState, TimelineEntry } from '@parley/contract'
import { TimerName, waitsSince } from '#messaging/rules'
import { instant } from './shapes.ts'

type EventEntry = Extract<TimelineEntry, { kind: 'event' }>

/** What happened in the conversation, as far as its state remembers: oldest first, in one order for ever. */
export function eventsOf(state: ConversationState): { at: number; entry: EventEntry }[] {
  const { startedAt, endedAt, closedBy, dialogs, moves } = state
  const found = [
    event(startedAt, 'opened', {}),
    ...dialogs.map(({ dialogId, openedAt }) => event(openedAt, 'dialog-opened', { dialogId })),
    ...moves.map(({ at, kind, ...step }) => event(at, kind, step)),
    ...timersOf(state),
    ...dialogs.flatMap(({ dialogId, closedAt, closedBy: by }) =>
      closedAt === undefined
        ? []
        : [event(closedAt, 'dialog-closed', { dialogId, ...(by && { by }) })],
    ),
    ...(endedAt === undefined ? [] : [event(endedAt, 'closed', closedBy ? { by: closedBy } : {})]),
  ]
  return found.toSorted((a, b) => a.at - b.at)
}

/** What timers became, and those that are still to come. Of both is known since when they wait, so that it need not be noted. */
function timersOf(state: ConversationState) {
  const { timerNotes = [], timers } = state
  const timer = (
    at: number,
    became: 'timer-set' | 'timer-fired' | 'timer-cancelled',
    { name, dueAt }: { name: string; dueAt: number },
  ) => event(at, became, { timer: name, dueAt: instant(dueAt) })
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
) {
  return { at, entry: { kind: 'event' as const, at: instant(at), type, ...rest } }
}
