export { openChatReader } from './chat-reader.ts'
export { type LiveChat, openLiveChat } from './open.ts'
