export { type Agent, openAgent } from './agent.ts'
export { call, type CallInput } from './call.ts'
export {
  type Consumer,
  type ConversationDetails,
  type Line,
  openConsumer,
  type Saying,
} from './consumer.ts'
export { appToken, login, type Session, signUp } from './login.ts'
export { type Door, type Request, request, RequestError } from './request.ts'
export {
  type MessagingSocket,
  type Notification,
  openSocket,
  SocketRequestError,
} from './socket.ts'
