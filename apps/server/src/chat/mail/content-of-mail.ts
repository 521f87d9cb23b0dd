import type { MailContent, MailDeps } from './deps.ts'
import type { StoredMail } from './mail-state.ts'

/** `undefined` when the chat is gone whose transcript the mail is. */
export async function contentOfMail(
  { contentOf }: Pick<MailDeps, 'contentOf'>,
  accountId: string,
  { content, chatId }: StoredMail,
): Promise<MailContent | undefined> {
  if (content || chatId === undefined) return content
  return await contentOf(accountId, chatId)
}
