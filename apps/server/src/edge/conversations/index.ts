export { openConversationHistory } from './open.ts'
