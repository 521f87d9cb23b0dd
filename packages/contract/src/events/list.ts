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
import { messageInOffHours } from './message-in-off-hours.ts'
import { newConversation } from './new-conversation.ts'
import { participantsChange } from './participants-change.ts'
import { surveyEnded } from './survey-ended.ts'
import { surveyStarted } from './survey-started.ts'
import { ttr } from './ttr.ts'

/** Every event, in the order in which users see them. A new event is its own file and one line here. */
export const LIST = [
  chatPostSurveyTranscript,
  conversationalCommand,
  newConversation,
  ttr,
  participantsChange,
  conversationIdle,
  conversationRouting,
  messageInOffHours,
  conversationEnd,
  consumerStepUp,
  surveyStarted,
  surveyEnded,
  botCustomIntegration,
  botPreHook,
  botPostHook,
  botErrorHook,
] as const
