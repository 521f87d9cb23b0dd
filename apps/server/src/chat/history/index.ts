export { type ChatHistory, openChatHistory } from './open.ts'
export type { ChatPage, ChatSearch } from './page-chats.ts'
