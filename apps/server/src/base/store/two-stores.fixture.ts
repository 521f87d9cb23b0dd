import { cloneDatabase } from '#base/postgres'
import type { CommitOperation } from './operations.ts'
import { openStore, type StoreSettings } from './open.ts'
import type { Store } from './store.ts'
import { storeDeps } from './store-deps.fixture.ts'

/** Two nodes on one fresh database. */
export async function twoStores(
  templateUrl: string,
): Promise<AsyncDisposable & { url: string; one: Store; other: Store }> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await cloneDatabase(templateUrl))
  const settings: StoreSettings = { kind: 'given', url: database.url }
  const one = opened.use(await openStore(storeDeps, settings))
  const other = opened.use(await openStore(storeDeps, settings))
  const resources = opened.move()
  return { url: database.url, one, other, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** A write of one conversation, on the version that was read. */
export function aWrite(
  id: string,
  readVersion: number,
  more?: Partial<CommitOperation>,
): CommitOperation {
  return {
    accountId: 'acme',
    documents: [{ kind: 'conversation', id, readVersion, state: { wrote: readVersion + 1 } }],
    ...more,
  }
}

/** Something that happened, for the figures of its minute. */
export const aFigure = {
  at: 1_700_000_000_123,
  channel: 'messaging',
  skillId: '1001',
  measure: 'opened',
  value: 1,
}

export function aMessage(conversationId: string, sequence: number, requestKey?: string) {
  const message = {
    conversationId,
    dialogId: conversationId,
    sequence,
    at: 1_700_000_000_123,
    body: { sequence },
  }
  return requestKey === undefined ? message : { ...message, requestKey }
}
