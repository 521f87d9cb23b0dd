import type * as z from 'zod'
import type { ChangeFacts, ChangeKind, ChangeOf } from '../conversation-changes.ts'
import type { IdleTiming, IdleTimings } from '../idle-timing.ts'
import type { SpokenLanguage } from '../spoken-language.ts'
import type { Template } from './event.ts'

/** One way in which a change raises the event, as `general.cbotEventType` names it (`spec/events.md` 2.1). */
export interface EventTypeDefinition {
  /** The automatic message while the account has set none, by its language. */
  text: Record<SpokenLanguage, string>
  /** For types that time raises: the time that is in force while the account has set none. */
  timing?: IdleTiming
  /** The smallest change that is named so. Tests raise the event with it. */
  example: Pick<ChangeFacts, 'change'> & Partial<Pick<ChangeFacts, 'offHours' | 'originator'>>
}

/** The section of the payload that an event owns, beside `general` (`spec/events.md` 2.3). Every payload has it. */
export interface SectionDefinition<Name extends string, Schema extends z.ZodType> {
  name: Name
  /** A field that only this event's own payloads have is optional in it. */
  schema: Schema
  sample: z.infer<Schema>
  /** What it says in the payloads of all other events: the current state. Empty where there is nothing to say. */
  current(facts: ChangeFacts): z.infer<Schema>
}

/** How changes of one kind raise an event. */
export interface Trigger<Kind extends ChangeKind, Type extends string, Section> {
  /** Names the change; `undefined` for a change that does not raise this event. */
  type(change: ChangeOf<Kind>, facts: ChangeFacts): Type | undefined
  /** Fills the event's own section; `undefined` for an event without one. */
  section(change: ChangeOf<Kind>, facts: ChangeFacts, timings: IdleTimings): Section
  /** Whether the function is invoked. Absent: always. */
  invokesFunction?(change: ChangeOf<Kind>, facts: ChangeFacts): boolean
  /** Whether the default automatic message is sent where no function has a say. Absent: always. */
  sendsMessage?(change: ChangeOf<Kind>, facts: ChangeFacts): boolean
}

/** Everything that is known about an event of the Controller Bot. Its file says it; all else is derived from it. */
export interface MessagingEvent<
  Types extends Record<string, EventTypeDefinition>,
  Name extends string,
  Schema extends z.ZodType,
> {
  id: string
  name: string
  description: string
  types: Types
  section?: SectionDefinition<Name, Schema>
  /** The kinds of change that can raise it. */
  raisedBy: {
    [Kind in ChangeKind]?: Trigger<Kind, keyof Types & string, z.infer<Schema>>
  }
  /** The type that the sample payload is for. */
  sampleType: keyof Types & string
  /** Which part of the payload the event fills: a comment in the default template. */
  hint: string
  /** What the default template says in the conversation. */
  answer: string
  /** Templates besides the default one. */
  templates?: Template[]
}

/** Keeps the exact types of an event, from which the types of all events are derived. */
export function messagingEvent<
  Types extends Record<string, EventTypeDefinition>,
  Name extends string = never,
  Schema extends z.ZodType = z.ZodUndefined,
>(event: MessagingEvent<Types, Name, Schema>): MessagingEvent<Types, Name, Schema> {
  return event
}
