import { call, type Session } from '@parley/client'
import { deleteFunction, listFunctions, undeployFunction } from '@parley/contract'

/** The description of the demo's functions. */
export const MADE_BY_DEMO = 'Made by npm run demo'

/** Removes what a demo has left that was killed while it ran: an event has few places for functions. */
export async function removeLeftovers(session: Session): Promise<void> {
  const { functions } = await call(session, listFunctions)
  for (const { functionId, description, state } of functions) {
    if (description !== MADE_BY_DEMO) continue
    const params = { functionId }
    if (state === 'Productive' || state === 'Modified') {
      await call(session, undeployFunction, { params })
    }
    await call(session, deleteFunction, { params })
  }
}
