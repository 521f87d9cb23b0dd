import type { EventDefinition } from './event.ts'
import { LIST } from './list.ts'
import { messagingDefinition } from './messaging-definition.ts'
import { isMessagingEvent } from './messaging-events.ts'
import { nearestEvent } from './nearest-event.ts'

/** Every event that a function can be tied to. */
export const EVENTS: readonly EventDefinition[] = LIST.map((event) =>
  isMessagingEvent(event) ? messagingDefinition(event) : event,
)

const byId = new Map(EVENTS.map((event) => [event.id, event]))

/** The event of an id; `undefined` for an id that is none of an event. */
export function findEvent(eventId: string): EventDefinition | undefined {
  return byId.get(eventId)
}

/** The id of the event that was probably meant by what is no id, such as its name. */
export function likelyEventId(given: string): string | undefined {
  return nearestEvent(given, EVENTS)?.id
}

export { BotAnswer, BotRequest } from './bot-custom-integration.ts'
export { CbotEventType } from './cbot-event-type.ts'
export { ChatPostSurveyPayload, TranscriptMail } from './chat-post-survey-transcript.ts'
export { IDLE_TYPE_OF } from './conversation-idle.ts'
export type { EventDefinition, SamplePayload, Template } from './event.ts'
export {
  CBOT_EVENT_TYPES,
  eventIdOf,
  MESSAGING_EVENTS,
  type RaisedEvent,
  raisedEvent,
  type Sections,
  TYPE_DEFINITIONS,
} from './messaging-events.ts'
export { General, type GeneralSection, MessagingPayload } from './messaging-payload.ts'
export { NO_EVENT } from './no-event.ts'
export { Numeric, numeric } from './numeric.ts'
export { originatorIdOf } from './originator-id.ts'
export { sentClientProperties, typedClientProperties } from './sent-client-properties.ts'
export { SurveyPayload } from './survey-payload.ts'
