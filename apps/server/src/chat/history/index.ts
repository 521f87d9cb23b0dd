export { type ChatHistory, openChatHistory } from './open.ts'
export type { ChatSearch } from './chat-search.ts'
export type { ChatPage } from './page-chats.ts'
