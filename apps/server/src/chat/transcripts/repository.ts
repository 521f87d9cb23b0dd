import { TranscriptDecision } from '@parley/contract'
import { findDocument } from '#base/kit'
import type { Db } from '#base/store'
import { TRANSCRIPT_DECISION } from './submitted-survey.ts'

/** The kind of the document that keeps what was decided about a chat's transcript. */
export const DECISION = 'transcript'

export async function findDecision(
  db: Db,
  accountId: string,
  chatId: string,
): Promise<TranscriptDecision | undefined> {
  const row = await findDocument(db, accountId, DECISION, chatId)
  return row && TranscriptDecision.parse(row.state)
}

/** The outbox rows go first: a decision that is being made at this moment then commits nothing. */
export async function deleteDecisions(
  tx: Db,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('outbox')
    .where('accountId', '=', accountId)
    .where('consumer', '=', TRANSCRIPT_DECISION)
    .where('lane', 'in', chatIds)
    .execute()
  await tx
    .deleteFrom('deadLetter')
    .where('accountId', '=', accountId)
    .where('name', '=', TRANSCRIPT_DECISION)
    .where('lane', 'in', chatIds)
    .execute()
  await tx
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', DECISION)
    .where('id', 'in', chatIds)
    .execute()
}
