export { type Answer, sentence } from './answer.ts'
export {
  chatStateFrame,
  formatConversation,
  formatErased,
  formatMessage,
  messageFrame,
  type Side,
} from './by-side.ts'
export { EXTEND_IDENTITY, LOG_IN_AGAIN, NORMAL_CLOSURE, TRY_AGAIN_LATER } from './close-codes.ts'
export {
  BadFrame,
  notificationFrame,
  metadataOf,
  parseBody,
  parsePart,
  parseFrame,
  readRequest,
  type Request,
  responseFrame,
} from './frames.ts'
export { bareUserId } from './identity.ts'
export { requestName } from './request-name.ts'
