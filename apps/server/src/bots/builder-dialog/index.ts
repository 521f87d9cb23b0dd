export { type BuilderBot, openBuilderBot } from './bot.ts'
export { problemOfCard } from './card.ts'
export { MAX_CARD_TEXT_CHARACTERS, MAX_QUICK_REPLIES, MAX_TITLE_CHARACTERS } from './limits.ts'
export {
  CodeAnswer,
  type CodeCall,
  type KnownToCode,
  type ContextChange,
  type ContextPlace,
  ContextScope,
  type ConversationFacts,
  type Failed,
  type HttpRequest,
  type Outside,
} from './outside.ts'
export { DialogState, newDialogState, withoutDialog } from './state.ts'
export { takeTurn, type TurnResult } from './take-turn.ts'
export type { Line, Note, Output, QuickReplyOffer } from './turn.ts'
