import type { MailContent } from '#chat/mail'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'
import type { TranscriptChat } from './transcript-chat.ts'

const made = new WeakMap<TranscriptChat, MailContent>()

/** Mails about the same `TranscriptChat` object share its rendering. */
export function renderChat(chat: TranscriptChat): MailContent {
  const known = made.get(chat)
  if (known) return known
  const rendering = { html: renderHtml(chat), text: renderText(chat) }
  made.set(chat, rendering)
  return rendering
}
