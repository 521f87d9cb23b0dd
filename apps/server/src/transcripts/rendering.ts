import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'
import type { TranscriptChat } from './transcript-chat.ts'

export interface Rendering {
  html: string
  text: string
}

const made = new WeakMap<TranscriptChat, Rendering>()

/** Mails that share what was read of a chat share its rendering. */
export function renderChat(chat: TranscriptChat): Rendering {
  const known = made.get(chat)
  if (known) return known
  const rendering = { html: renderHtml(chat), text: renderText(chat) }
  made.set(chat, rendering)
  return rendering
}
