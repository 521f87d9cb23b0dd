import type { CommitOperation } from './operations.ts'

type Key = [accountId: string, kind: string, id: string]

/**
 * Every document of a batch once, in the order in which all nodes lock: conversations, then the others. `placeOf` says where
 * in that order a document stands, counted from 1.
 */
export function lockDocuments(operations: readonly CommitOperation[]) {
  const byName = new Map<string, Key>()
  for (const { accountId, documents } of operations) {
    for (const { kind, id } of documents) {
      byName.set(nameOf(accountId, kind, id), [accountId, kind, id])
    }
  }
  const inOrder = [...byName].sort(([a], [b]) => (a < b ? -1 : 1))
  const conversations = inOrder.filter(([, [, kind]]) => kind === 'conversation')
  const others = inOrder.filter(([, [, kind]]) => kind !== 'conversation')
  const places = new Map([...conversations, ...others].map(([name], index) => [name, index + 1]))
  return {
    placeOf: (accountId: string, { kind, id }: { kind: string; id: string }) =>
      places.get(nameOf(accountId, kind, id)),
    ...(conversations.length > 0 && {
      lockConversations: conversations.map(([, [accountId, , id]]) => [accountId, id]),
    }),
    ...(others.length > 0 && { lockDocuments: others.map(([, key]) => key) }),
  }
}

function nameOf(accountId: string, kind: string, id: string): string {
  return `${accountId}\0${kind}\0${id}`
}
