import type { ReadingDeps } from './deps.ts'
import type { SoughtConsumer } from './of-consumer.ts'

export async function soughtConsumer(
  { documents }: Pick<ReadingDeps, 'documents'>,
  accountId: string,
  consumerId: string,
): Promise<SoughtConsumer> {
  const found = await documents.find('consumer', accountId, consumerId)
  return { consumerId, left: found?.state.left ?? [] }
}
