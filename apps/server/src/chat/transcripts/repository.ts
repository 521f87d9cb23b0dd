import { LeftOut, TranscriptDecision } from '@parley/contract'
import * as z from 'zod'
import { findDocument } from '#base/kit'
import type { Db } from '#base/store'
import { TRANSCRIPT_DECISION } from './submitted-survey.ts'

/** The kind of the document that keeps what was decided about a chat's transcript. */
export const DECISION = 'transcript'

/** Nodes of version 0.1.0 called the reason `why`; one of them may still write decisions beside this node. */
const StoredLeftOut = z.preprocess(
  (entry) =>
    typeof entry === 'object' && entry !== null && 'why' in entry
      ? { reason: entry.why, ...entry }
      : entry,
  LeftOut,
)
const StoredDecision = TranscriptDecision.extend({ leftOut: z.array(StoredLeftOut) })

export async function findDecision(
  db: Db,
  accountId: string,
  chatId: string,
): Promise<TranscriptDecision | undefined> {
  const row = await findDocument(db, accountId, DECISION, chatId)
  return row && StoredDecision.parse(row.state)
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
