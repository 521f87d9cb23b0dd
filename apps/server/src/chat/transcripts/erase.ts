import type { Store } from '#base/store'
import { DECISION } from './decision-kind.ts'
import { TRANSCRIPT_DECISION } from './submitted-survey.ts'

export async function eraseTranscripts(
  store: Store,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  if (chatIds.length === 0) return
  await store.transaction(async (tx) => {
    // First of all: a function that is being asked at this moment answers nobody then.
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
  })
}
