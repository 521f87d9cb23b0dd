export type {
  BotAgent,
  BotFails,
  BotFailure,
  BotKind,
  BotCue,
  BotSays,
  BotTest,
  BotTurn,
} from './bot-kind.ts'
export type {
  BotChannel,
  BotContent,
  BotDecision,
  HeldConversation,
  HeldPage,
  Mishap,
  Target,
  UnreadRange,
} from './channel.ts'
export type { BotConversation, HeardMessage } from './conversation.ts'
export type { ServingBot } from './bots.ts'
export { type BotAgents, openBotAgents } from './open.ts'
export { botResponse, unsendable } from './say.ts'
export { MAX_CONVERSATIONS } from './next-step.ts'
export { eraseConversations as eraseBotTraces } from './repository.ts'
export { takesConversations } from './states.ts'
export { TURNS, wakeRow } from './wake.ts'
