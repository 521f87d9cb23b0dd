import { z } from 'zod'
import { changeDocument, findDocument } from '#base/kit'
import type { Deps } from './deps.ts'

const VISITOR = 'visitor'
const MAX_KEPT = 200

const Attribute = z.object({
  at: z.number(),
  sessionId: z.string().optional(),
  sde: z.looseObject({ type: z.string() }),
})
const VisitorState = z.object({ attributes: z.array(Attribute) })

/** An engagement attribute that somebody set for a visitor, and when. */
export type VisitorAttribute = z.infer<typeof Attribute>

export async function addVisitorAttributes(
  deps: Pick<Deps, 'store' | 'delivery' | 'clock' | 'monotonic'>,
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
  await changeDocument(deps, accountId, visitor, ({ attributes }) => ({
    state: { attributes: [...attributes, ...added].slice(-MAX_KEPT) },
  }))
}

export async function findVisitorAttributes(
  { store }: Pick<Deps, 'store'>,
  accountId: string,
  visitorId: string | undefined,
): Promise<VisitorAttribute[]> {
  if (visitorId === undefined) return []
  const found = await findDocument(store.db, accountId, VISITOR, visitorId)
  return found ? VisitorState.parse(found.state).attributes : []
}

/** The visit that a consumer's newest conversation came from. */
export async function visitorOf(
  { documents }: Pick<Deps, 'documents'>,
  accountId: string,
  consumerId: string,
): Promise<string | undefined> {
  const record = (await documents.find('consumer', accountId, consumerId))?.state
  const conversationId = record?.openConversationId ?? record?.previous?.conversationId
  if (conversationId === undefined) return undefined
  const found = await documents.find('conversation', accountId, conversationId)
  return found?.state.context?.visitorId
}
