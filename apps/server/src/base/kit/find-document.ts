import type { Db } from '#base/store'

/** A document as it is stored: what has read it parses the state. */
export interface StoredDocument {
  /** 0 stands for a document that is not stored yet. */
  version: number
  state: unknown
}

export async function findDocument(
  db: Db,
  accountId: string,
  kind: string,
  id: string,
): Promise<StoredDocument | undefined> {
  return await db
    .selectFrom('document')
    .select(['version', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst()
}
