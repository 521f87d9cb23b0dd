export { openChatReader } from './chat-reader.ts'
export { openChatSight } from './chat-sight.ts'
export { type LiveChat, openLiveChat } from './open.ts'
