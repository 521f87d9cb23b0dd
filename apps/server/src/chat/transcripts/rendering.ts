import type { MailContent } from '#chat/mail'
import { type Settings, mailForm } from '#identity/settings'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'
import type { TranscriptChat } from './transcript-chat.ts'

const made = new WeakMap<TranscriptChat, MailContent>()

/**
 * By the account's time zone and language. Mails about the same `TranscriptChat` object share its rendering.
 */
export async function renderChat(
  { settings }: { settings: Pick<Settings, 'get'> },
  accountId: string,
  chat: TranscriptChat,
): Promise<MailContent> {
  const form = mailForm(await settings.get(accountId))
  const known = made.get(chat)
  if (known) return known
  const rendering = { html: renderHtml(chat, form), text: renderText(chat, form) }
  made.set(chat, rendering)
  return rendering
}
