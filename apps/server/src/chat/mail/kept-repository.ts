import type { Db } from '#base/store'
import type { Mail } from './mail-transport.ts'

export async function insertKeptMail(db: Db, mail: Mail, source: string): Promise<void> {
  const { accountId, messageId, envelopeSender, to, at } = mail
  await db
    .insertInto('keptMail')
    .values({ accountId, messageId, envelopeSender, receiver: to, at: new Date(at), source })
    .execute()
}

/** What was kept under a Message-ID, the oldest first. */
export function listKeptMails(db: Db, accountId: string, messageId: string) {
  return db
    .selectFrom('keptMail')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('messageId', '=', messageId)
    .orderBy('id')
    .execute()
}
