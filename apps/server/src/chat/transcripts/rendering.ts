import type { MailContent } from '#chat/mail'
import { type Settings, mailForm } from '#identity/settings'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'
import type { TranscriptChat } from './transcript-chat.ts'

/** By the account's time zone and language. */
export async function renderChat(
  { settings }: { settings: Pick<Settings, 'get'> },
  accountId: string,
  chat: TranscriptChat,
): Promise<MailContent> {
  const form = mailForm(await settings.get(accountId))
  return { html: renderHtml(chat, form), text: renderText(chat, form) }
}
