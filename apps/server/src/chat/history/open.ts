import { withDeps } from '#base/kernel'
import type { ChatHistoryDeps } from './deps.ts'
import { pageChats } from './page-chats.ts'
import { readChat, readDecision, readEntries, readMails } from './read-chat.ts'

export type ChatHistory = ReturnType<typeof openChatHistory>

/** Reads live chats for lists and timelines: what was said, who was decided to get the transcript, and the mails. */
export function openChatHistory(deps: ChatHistoryDeps) {
  return withDeps(deps, {
    page: pageChats,
    read: readChat,
    entries: readEntries,
    decision: readDecision,
    mails: readMails,
  })
}
