export { agentChatState, agentConversation, agentRecord } from './agent-face.ts'
export { type Answer, said } from './answer.ts'
export { consumerChatState, consumerConversation, consumerRecord } from './consumer-face.ts'
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
export { requestType } from './request-type.ts'
