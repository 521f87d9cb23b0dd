import type { ConsumerState } from '#messaging/rules'
import type { ReadingDeps } from './deps.ts'
import type { SoughtConsumer } from './of-consumer.ts'

/** The record of a consumer. Other nodes do not say when they have changed one: what this node remembers counts only where it is alone. */
export async function findConsumer(
  { store, documents }: ReadingDeps,
  accountId: string,
  consumerId: string,
): Promise<ConsumerState | undefined> {
  if (!store.isExclusive) documents.forget('consumer', accountId, consumerId)
  return (await documents.find('consumer', accountId, consumerId))?.state
}

export async function soughtConsumer(
  deps: ReadingDeps,
  accountId: string,
  consumerId: string,
): Promise<SoughtConsumer> {
  const found = await findConsumer(deps, accountId, consumerId)
  return { consumerId, left: found?.left ?? [] }
}
