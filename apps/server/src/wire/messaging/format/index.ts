export { agentChatState, agentConversation, agentRecord } from './agent-side.ts'
export { type Answer, said } from './answer.ts'
export { consumerChatState, consumerConversation, consumerRecord } from './consumer-side.ts'
export { EXTEND_IDENTITY, LOG_IN_AGAIN, NORMAL_CLOSURE, TRY_AGAIN_LATER } from './close-codes.ts'
export {
  BadFrame,
  notificationFrame,
  parseBody,
  parseFrame,
  readRequest,
  type Request,
  responseFrame,
} from './frames.ts'
export { bareUserId } from './identity.ts'
export { requestType } from './request-name.ts'
export type { Side } from './side.ts'
