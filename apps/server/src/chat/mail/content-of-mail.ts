import type { MailContent, MailDeps, MailToSend, OpenMailDeps } from './deps.ts'
import { type StoredMail, waitsForSending } from './mail-state.ts'
import { findMails } from './repository.ts'

/** `undefined` when the chat is gone whose transcript the mail is. */
export async function contentOfMail(
  { contentOf }: Pick<MailDeps, 'contentOf'>,
  accountId: string,
  { content, chatId }: StoredMail,
): Promise<MailContent | undefined> {
  if (content || chatId === undefined) return content
  return await contentOf(accountId, chatId)
}

/** By their ids; those that are erased are absent. */
export async function findMailsToSend(
  { store, shortContentsOf }: Pick<OpenMailDeps, 'store' | 'shortContentsOf'>,
  accountId: string,
  mailIds: readonly string[],
): Promise<Map<string, MailToSend>> {
  const found = await findMails(store.db, accountId, mailIds)
  const chatIds = found.flatMap(({ mail: { state, chatId } }) =>
    chatId !== undefined && waitsForSending(state) ? [chatId] : [],
  )
  const contents = await shortContentsOf(accountId, [...new Set(chatIds)])
  return new Map(
    found.map(({ mail, version }) => {
      const content = mail.chatId === undefined ? mail.content : contents.get(mail.chatId)
      return [mail.mailId, { mail, version, content }]
    }),
  )
}
