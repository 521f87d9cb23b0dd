import type { Delivery } from '#base/delivery'
import type { Ids } from '#base/kernel'
import { recordIds } from './record-ids.ts'
import { keepRecordsAsLong } from './retention.ts'
import { deleteOfConversations } from './retention-repository.ts'
import type { RecordsRoom } from './room.ts'
import { openWriter, type Writer } from './writer.ts'

export interface RecordsDeps extends Omit<RecordsRoom, 'writer' | 'onClose'> {
  ids: Ids
  delivery: Delivery
}

/** What invocations leave behind: their records, logs and counts, for as long as the account keeps them. */
export interface Records extends AsyncDisposable {
  readonly room: RecordsRoom
  readonly writer: Writer
  newRecordId(startedAt: number): string
  /** Forgets what functions were told and said in these conversations. */
  erase(accountId: string, gone: { conversationIds: readonly string[] }): Promise<void>
  /** To be called when the server begins to stop: live tails would hold it up. */
  endStreams(): void
}

export async function openRecords(deps: RecordsDeps): Promise<Records> {
  const writer = openWriter(deps)
  const closing = new Set<() => void>()
  const room: RecordsRoom = {
    ...deps,
    writer,
    onClose(close) {
      closing.add(close)
      return { [Symbol.dispose]: () => void closing.delete(close) }
    },
  }
  await keepRecordsAsLong(room, deps.delivery)
  return {
    room,
    writer,
    newRecordId: recordIds(deps.ids),
    async erase(accountId, { conversationIds }) {
      await writer.flush()
      await deleteOfConversations(deps.store.db, accountId, conversationIds)
    },
    endStreams() {
      for (const close of closing) close()
    },
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  }
}
