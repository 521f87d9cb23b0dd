import type { ConversationState, TimelineEntry } from '@parley/contract'
import { instant } from './shapes.ts'

type EventEntry = Extract<TimelineEntry, { kind: 'event' }>

/** What happened in the conversation, as far as its state remembers: oldest first, in one order for ever. */
export function eventsOf(state: ConversationState): { at: number; entry: EventEntry }[] {
  const { startedAt, endedAt, closedBy, dialogs, moves } = state
  const found = [
    event(startedAt, 'opened', {}),
    ...dialogs.map(({ dialogId, openedAt }) => event(openedAt, 'dialog-opened', { dialogId })),
    ...moves.map(({ at, kind, ...step }) => event(at, kind, step)),
    ...dialogs.flatMap(({ dialogId, closedAt, closedBy: by }) =>
      closedAt === undefined
        ? []
        : [event(closedAt, 'dialog-closed', { dialogId, ...(by && { by }) })],
    ),
    ...(endedAt === undefined ? [] : [event(endedAt, 'closed', closedBy ? { by: closedBy } : {})]),
  ]
  return found.toSorted((a, b) => a.at - b.at)
}

function event(
  at: number,
  type: EventEntry['type'],
  rest: Partial<Omit<EventEntry, 'kind' | 'at' | 'type'>>,
) {
  return { at, entry: { kind: 'event' as const, at: instant(at), type, ...rest } }
}
