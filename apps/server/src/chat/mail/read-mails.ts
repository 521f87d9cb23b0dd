import { MAIL_STATES, type MailState, type TranscriptMailRecord } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { readInstantCursor, writeCursor } from '#base/kit'
import { contentOfMail } from './content-of-mail.ts'
import type { MailDeps } from './deps.ts'
import type { Reader } from '#messaging/reading'
import {
  CHAT_OF_MAIL,
  countStoredMails,
  findSeenMail,
  listMailboxMails,
  listStoredMails,
} from './repository.ts'
import { mailView } from './views.ts'

export interface MailQuery {
  state?: MailState | undefined
  chatId?: string | undefined
  limit: number
  after?: string | undefined
}

/** One page of the mails about chats that the reader may see. */
export async function listMails(
  { store, chatSight }: MailDeps,
  accountId: string,
  reader: Reader,
  { after, ...filter }: MailQuery,
): Promise<{ mails: TranscriptMailRecord[]; next?: string }> {
  const place = after === undefined ? undefined : readInstantCursor(after)
  const found = await listStoredMails(store.db, accountId, {
    ...filter,
    isSeen: chatSight.where(reader, CHAT_OF_MAIL),
    after: place,
  })
  const last = found.length === filter.limit ? found.at(-1)?.mail : undefined
  return {
    mails: found.map(({ mail }) => mailView(mail)),
    ...(last && { next: writeCursor(last.createdAt, last.mailId) }),
  }
}

export async function countMails(
  { store, transport, chatSight }: MailDeps,
  accountId: string,
  reader: Reader,
) {
  const isSeen = chatSight.where(reader, CHAT_OF_MAIL)
  const counted = await countStoredMails(store.db, accountId, isSeen)
  const counts = new Map(counted.map(({ listState, count }) => [listState, count]))
  const states = Object.fromEntries(MAIL_STATES.map((state) => [state, counts.get(state) ?? 0]))
  return {
    states: states as Record<MailState, number>,
    mailServer: transport.outcome === 'sent',
  }
}

export async function readMail(deps: MailDeps, accountId: string, reader: Reader, mailId: string) {
  const { store, chatSight } = deps
  const isSeen = chatSight.where(reader, CHAT_OF_MAIL)
  const found = await findSeenMail(store.db, accountId, isSeen, mailId)
  if (!found) throw new ParleyError('mail_not_found', `No mail "${mailId}"`)
  const { mail } = found
  const content = await contentOfMail(deps, accountId, mail)
  const kept = await listMailboxMails(store.db, accountId, mail.messageId)
  const source = kept.at(-1)?.source
  return {
    mail: mailView(mail),
    subject: mail.subject,
    ...(content ?? { html: '', text: '' }),
    ...(source !== undefined && { source }),
  }
}
