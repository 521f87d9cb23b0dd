import { botCustomIntegration } from './bot-custom-integration.ts'
import { botErrorHook } from './bot-error-hook.ts'
import { botPostHook } from './bot-post-hook.ts'
import { botPreHook } from './bot-pre-hook.ts'
import { chatPostSurveyTranscript } from './chat-post-survey-transcript.ts'
import { consumerStepUp } from './consumer-step-up.ts'
import { conversationEnd } from './conversation-end.ts'
import { conversationIdle } from './conversation-idle.ts'
import { conversationRouting } from './conversation-routing.ts'
import { conversationalCommand } from './conversational-command.ts'
import type { EventDefinition } from './event.ts'
import { lineInOffHours } from './line-in-off-hours.ts'
import { newConversation } from './new-conversation.ts'
import { participantsChange } from './participants-change.ts'
import { surveyEnded } from './survey-ended.ts'
import { surveyStarted } from './survey-started.ts'
import { ttr } from './ttr.ts'

/** Every event that a function can be tied to. */
export const EVENTS: readonly EventDefinition[] = [
  chatPostSurveyTranscript,
  conversationalCommand,
  newConversation,
  ttr,
  participantsChange,
  conversationIdle,
  conversationRouting,
  lineInOffHours,
  conversationEnd,
  consumerStepUp,
  surveyStarted,
  surveyEnded,
  botCustomIntegration,
  botPreHook,
  botPostHook,
  botErrorHook,
]

const byId = new Map(EVENTS.map((event) => [event.id, event]))

export function findEvent(eventId: string): EventDefinition | undefined {
  return byId.get(eventId)
}

export { BotAnswer, BotRequest } from './bot-custom-integration.ts'
export { CBOT_EVENT_TYPES, CbotEventType, eventIdOf } from './cbot-event-type.ts'
export { ChatPostSurveyPayload, TranscriptMail } from './chat-post-survey-transcript.ts'
export {
  CloseConversationCommand,
  Command,
  COMMAND_TYPES,
  CommandResult,
  type CommandType,
  SystemMessageCommand,
  TransferCommand,
} from './commands.ts'
export type { EventDefinition, SamplePayload, Template } from './event.ts'
export {
  General,
  type GeneralSection,
  type MessagingPayload,
  SECTIONS,
  type Sections,
} from './messaging-payload.ts'
export { NO_EVENT } from './no-event.ts'
export { Numeric, numeric } from './numeric.ts'
export { originatorIdOf } from './originator-id.ts'
export { SurveyPayload } from './survey-payload.ts'
