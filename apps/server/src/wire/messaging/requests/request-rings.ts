import { messaging } from '@parley/contract'
import { boundedList, boundedMap } from '#base/bounds'
import { unlessGone } from '#base/kit'
import { type Answer, parseBody, type Request, sentence } from '#wire/messaging/format'
import {
  type AgentSession,
  asRung,
  goOnWithRings,
  HELD,
  notifyFirstRings,
  SHOWN_RINGS,
} from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import { requireSelf } from './require-self.ts'

/** Answers with a subscription. A notification with the rings that wait for the agent follows, and one for each change. */
export async function subscribeRoutingTasks(
  deps: Deps,
  session: AgentSession,
  request: Request,
): Promise<Answer> {
  const { reading, routing, ids } = deps
  const { agentId } = parseBody(messaging.SubscribeAgentsStateBody, request.body)
  requireSelf(session, agentId)
  const { accountId, reader } = session
  const subscriptionId = ids.uuid()
  const former = session.routing
  session.routing = { subscriptionId, shown: boundedMap(SHOWN_RINGS), held: boundedList(HELD) }
  const readRung = async () => {
    const slots = await routing.readSlots(accountId, reader.userId)
    // One that is erased meanwhile rings nobody.
    const found = await Promise.all(
      slots.map((id) => unlessGone(reading.getConversation(accountId, asRung(reader), id))),
    )
    return found.filter((state) => state !== undefined)
  }
  const rung = await readRung().catch((error: unknown) => {
    // As if nothing had been asked.
    const held = session.routing?.held
    if (former) session.routing = { ...former, held }
    else delete session.routing
    goOnWithRings(session)
    throw error
  })
  return {
    type: '.ams.routing.SubscribeRoutingTasks$Response',
    body: { subscriptionId },
    afterwards: () => notifyFirstRings(deps, session, rung),
  }
}

export async function updateRingState(
  { routing }: Deps,
  { accountId, reader }: AgentSession,
  request: Request,
): Promise<Answer> {
  const { ringId, ringState } = parseBody(messaging.UpdateRingStateBody, request.body)
  await routing.answerRing(accountId, reader.userId, { ringId, answer: ringState })
  return sentence('Ring state updated successfully')
}
