import * as z from 'zod'
import { changeDocument, findDocument } from '#base/kit'
import type { PeopleDeps } from './deps.ts'
import { endOf } from './ending.ts'
import { VISITOR } from './repository.ts'

const MAX_KEPT = 200

const Attribute = z.object({
  at: z.number(),
  sessionId: z.string().optional(),
  sde: z.looseObject({ type: z.string() }),
})
const VisitorState = z.object({ attributes: z.array(Attribute) })

/** An engagement attribute of a visitor, and when it was set. */
export type VisitorAttribute = z.infer<typeof Attribute>

export async function addVisitorAttributes(
  deps: Pick<PeopleDeps, 'store' | 'delivery' | 'settings' | 'clock' | 'monotonic'>,
  accountId: string,
  visitorId: string,
  { sessionId, sdes }: { sessionId?: string | undefined; sdes: VisitorAttribute['sde'][] },
): Promise<void> {
  const at = deps.clock.now()
  const added = sdes.map((sde) => ({ at, sde, ...(sessionId !== undefined && { sessionId }) }))
  const visitor = {
    kind: VISITOR,
    id: visitorId,
    schema: VisitorState,
    empty: () => ({ attributes: [] }),
    name: `Visitor "${visitorId}"`,
  }
  const end = await endOf(deps, accountId, { document: VISITOR, id: visitorId })
  await changeDocument(deps, accountId, visitor, ({ attributes }) => ({
    arm: [end],
    state: { attributes: [...attributes, ...added].slice(-MAX_KEPT) },
  }))
}

/** Oldest first. */
export async function listVisitorAttributes(
  { store }: Pick<PeopleDeps, 'store'>,
  accountId: string,
  visitorId: string | undefined,
): Promise<VisitorAttribute[]> {
  if (visitorId === undefined) return []
  const found = await findDocument(store.db, accountId, VISITOR, visitorId)
  return found ? VisitorState.parse(found.state).attributes : []
}

/** The visit that a consumer's newest conversation came from. */
export async function findVisitorOf(
  { reading }: Pick<PeopleDeps, 'reading'>,
  accountId: string,
  consumerId: string,
): Promise<string | undefined> {
  const record = await reading.findConsumer(accountId, consumerId)
  const conversationId = record?.openConversationId ?? record?.previous?.conversationId
  if (conversationId === undefined) return undefined
  const found = await reading.documents.find('conversation', accountId, conversationId)
  return found?.state.context?.visitorId
}
