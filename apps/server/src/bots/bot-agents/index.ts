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
export { type BotAgents, openBotAgents } from './open.ts'
export { botObserver } from './wake.ts'
