import type * as z from 'zod'
import type { ChangeFacts, ChangeKind } from '../conversation-changes.ts'
import type { IdleTimings } from '../idle-timing.ts'
import { LIST } from './list.ts'
import type { EventTypeDefinition, Trigger } from './messaging-event.ts'

type MessagingEventOf<Event> = Event extends { raisedBy: object } ? Event : never
type ListedMessagingEvent = MessagingEventOf<(typeof LIST)[number]>

/** The events of the Controller Bot. */
export const MESSAGING_EVENTS: readonly ListedMessagingEvent[] = LIST.filter(isMessagingEvent)

/** Whether an event of the list is one of the Controller Bot. */
export function isMessagingEvent(event: (typeof LIST)[number]): event is ListedMessagingEvent {
  return 'raisedBy' in event
}

type KeysOf<Types> = Types extends object ? keyof Types & string : never

/** What happened in the conversation, as the Controller Bot names it. Several types share one event. */
export type CbotEventType = KeysOf<ListedMessagingEvent['types']>

type TimedKeysOf<Types> = Types extends object
  ? {
      [Type in keyof Types & string]: Types[Type] extends { timing: object } ? Type : never
    }[keyof Types & string]
  : never

/** The types that happen because time has passed. */
export type IdleType = TimedKeysOf<ListedMessagingEvent['types']>

type SectionOf<Event> = Event extends { section?: { name: infer Name; schema: infer Schema } }
  ? { name: Name; fields: z.infer<Schema> }
  : never
type ListedSection = SectionOf<ListedMessagingEvent>

/** The fields of every section but `general`, by the name of the section: every payload has all of them. */
export type Sections = {
  [Section in ListedSection as Section['name'] & string]: Section['fields']
}

/** What each event's file says of its types. */
export const TYPE_DEFINITIONS = Object.fromEntries(
  MESSAGING_EVENTS.flatMap(({ types }) => Object.entries<EventTypeDefinition>(types)),
) as Record<CbotEventType, EventTypeDefinition>

const eventIds = Object.fromEntries(
  MESSAGING_EVENTS.flatMap(({ id, types }) => Object.keys(types).map((type) => [type, id])),
) as Record<CbotEventType, string>

/** Every type, in the order of the events. */
export const CBOT_EVENT_TYPES = Object.keys(TYPE_DEFINITIONS) as CbotEventType[]

/** The event whose function is invoked. */
export function eventIdOf(type: CbotEventType): string {
  return eventIds[type]
}

/** An event that a change raises. */
export interface RaisedEvent {
  eventId: string
  type: CbotEventType
  /** Whether its function is invoked. */
  invokesFunction: boolean
  /** Whether its automatic message is sent where no function has a say. */
  sendsMessage: boolean
  /** Every section of the payload: the event's own, and the current state in the others. */
  sections(timings: IdleTimings): Sections
}

interface AnyEvent {
  id: string
  section?: { name: string; current(facts: ChangeFacts): object }
  raisedBy: Partial<Record<ChangeKind, AnyTrigger>>
}
type AnyTrigger = Trigger<never, CbotEventType, object | undefined>

const anyEvents = MESSAGING_EVENTS as unknown as readonly AnyEvent[]
const sections = anyEvents
  .flatMap(({ section }) => section ?? [])
  .toSorted((a, b) => a.name.localeCompare(b.name))

const byKind = new Map<ChangeKind, { event: AnyEvent; trigger: AnyTrigger }[]>()
for (const event of anyEvents) {
  for (const [kind, trigger] of Object.entries(event.raisedBy) as [ChangeKind, AnyTrigger][]) {
    byKind.set(kind, [...(byKind.get(kind) ?? []), { event, trigger }])
  }
}

/**
 * The event that a change raises: the first of the list that names it, or `undefined` for a change that concerns no
 * automatic message and no function.
 */
export function raisedEvent(facts: ChangeFacts): RaisedEvent | undefined {
  // Each trigger stands under the kind that it takes.
  const change = facts.change as never
  for (const { event, trigger } of byKind.get(facts.change.kind) ?? []) {
    const type = trigger.type(change, facts)
    if (type === undefined) continue
    return {
      eventId: event.id,
      type,
      invokesFunction: trigger.invokesFunction?.(change, facts) ?? true,
      sendsMessage: trigger.sendsMessage?.(change, facts) ?? true,
      sections(timings) {
        const own = trigger.section(change, facts, timings)
        const fields = sections.map(({ name, current }) => [
          name,
          own !== undefined && name === event.section?.name ? own : current(facts),
        ])
        return Object.fromEntries(fields) as Sections
      },
    }
  }
  return undefined
}
