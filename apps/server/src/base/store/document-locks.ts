import type { CommitOperation, DocumentWrite } from './operations.ts'

/** One operation's use of a document. */
interface DocumentUse {
  name: string
  accountId: string
  document: DocumentWrite
}

/**
 * Every document of a batch once, in the order in which all nodes lock: conversations, then the others. `placeOf` says where
 * in that order a document stands, counted from 1.
 */
export function lockDocuments(operations: readonly CommitOperation[]) {
  const conversations: DocumentUse[] = []
  const others: DocumentUse[] = []
  for (const { accountId, documents } of operations) {
    for (const document of documents) {
      const { kind, id } = document
      const name = `${accountId}\0${kind}\0${id}`
      const list = kind === 'conversation' ? conversations : others
      list.push({ name, accountId, document })
    }
  }
  const places = new Map<DocumentWrite, number>()
  let place = 0
  /** What several operations use is locked once. */
  const inOrder = (list: DocumentUse[]): DocumentUse[] =>
    list.sort(byName).filter(({ name, document }, index) => {
      const isFirst = name !== list[index - 1]?.name
      if (isFirst) place += 1
      places.set(document, place)
      return isFirst
    })
  const lockConversations = inOrder(conversations)
  const lockOthers = inOrder(others)
  return {
    placeOf: (document: DocumentWrite) => places.get(document),
    ...(lockConversations.length > 0 && {
      lockConversations: lockConversations.map(({ accountId, document }) => [
        accountId,
        document.id,
      ]),
    }),
    ...(lockOthers.length > 0 && {
      lockDocuments: lockOthers.map(({ accountId, document }) => [
        accountId,
        document.kind,
        document.id,
      ]),
    }),
  }
}

function byName(a: DocumentUse, b: DocumentUse): number {
  return a.name < b.name ? -1 : 1
}
