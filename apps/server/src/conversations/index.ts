export {
  type Actor,
  type AgentState,
  assignedAgent,
  type Availability,
  mainDialog,
  openDialog,
  openRing,
  participantRefs,
  participantsOf,
} from '#conversation-rules'
export type { Act, AppliedAction, ConversationAction } from './act.ts'
export type { ChangeObserver } from './changes.ts'
export type { ConversationPorts } from './deps.ts'
export type { ChatState, FeedListener, News } from './feed.ts'
export type { OpenRequest } from './open-for-consumer.ts'
export type { PublishRequest } from './publish.ts'
export { maySee, maySeeMessage, type Reader } from './reading.ts'
export { type Conversations, openConversations } from './room.ts'
export type { SurveyAct, SurveyAction, SurveyPlace } from './survey-act.ts'
export type { FieldChange } from './update-fields.ts'
