import { sql } from 'kysely'
import { MAIL } from './mail-state.ts'
import type { MailRoom } from './room.ts'

export async function eraseMails(
  { store }: MailRoom,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  if (chatIds.length === 0) return
  await store.transaction(async (tx) => {
    const mails = await tx
      .deleteFrom('document')
      .where('accountId', '=', accountId)
      .where('kind', '=', MAIL)
      .where('listOf', 'in', chatIds)
      .returning(sql<string>`state->>'messageId'`.as('messageId'))
      .execute()
    const messageIds = mails.map(({ messageId }) => messageId)
    if (messageIds.length === 0) return
    await tx
      .deleteFrom('keptMail')
      .where('accountId', '=', accountId)
      .where('messageId', 'in', messageIds)
      .execute()
  })
}
