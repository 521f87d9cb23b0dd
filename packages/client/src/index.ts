export { type Agent, openAgent } from './agent.ts'
export { call, type CallInput } from './call.ts'
export {
  type Consumer,
  type ConsumerOptions,
  type ConversationDetails,
  type DialogMessage,
  openConsumer,
  type SayOptions,
  type Visit,
} from './consumer.ts'
export { appToken, login, type Session, signUp } from './login.ts'
export { type Endpoint, refusalOf, type Request, request, RequestError } from './request.ts'
export {
  type Connect,
  type MessagingSocket,
  openSocket,
  SocketClosedError,
  type SocketNotification,
  type SocketOptions,
  SocketRequestError,
  type SocketResponse,
} from './socket.ts'
