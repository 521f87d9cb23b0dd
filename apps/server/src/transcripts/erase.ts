import { sql } from 'kysely'
import type { Store } from '#store'
import { DECISION } from './decision-kind.ts'
import { MAIL } from './mail-state.ts'
import { TRANSCRIPT_DECISION } from './submitted-survey.ts'

/** A mail that is on its way at this moment still leaves; nothing remembers it then. */
export async function eraseTranscripts(
  store: Store,
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
    if (messageIds.length > 0) {
      await tx
        .deleteFrom('keptMail')
        .where('accountId', '=', accountId)
        .where('messageId', 'in', messageIds)
        .execute()
    }
    await tx
      .deleteFrom('document')
      .where('accountId', '=', accountId)
      .where('kind', '=', DECISION)
      .where('id', 'in', chatIds)
      .execute()
    await tx
      .deleteFrom('deadLetter')
      .where('accountId', '=', accountId)
      .where('name', '=', TRANSCRIPT_DECISION)
      .where('lane', 'in', chatIds)
      .execute()
  })
}
