export { charactersOf } from './characters-of.ts'
export type { DocumentKinds, Documents } from './documents.ts'
export { NEW_AGENT } from './documents.ts'
export {
  isInSight,
  hasSeen,
  maySee,
  maySeeMessage,
  type Reader,
  requireSight,
  whereInSight,
  whereMaySee,
  whereOfSeenConversation,
} from './may-see.ts'
export type { ChatState, ConversationUpdate } from './notifications.ts'
export { NAME_OF_PROFILE, PROFILE } from './of-consumer.ts'
export { openReading, type Reading } from './open.ts'
export type { ListFilter } from './read-conversations.ts'
export { readingBudget, type ReadingBudget } from './reading-budget.ts'
export { type MessagePlace, NO_WAITS, type Waits } from './repository.ts'
export type { ReadMessages } from './read-messages.ts'
export type { ConversationPlace, ConversationSearch, SearchFilter } from './search-repository.ts'
export { storedState } from './stored-state.ts'
export type { UpdateListener } from './updates.ts'
export type { Versioned } from './versioned.ts'
