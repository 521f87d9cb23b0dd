import { call, type Session } from '@parley/client'
import {
  deleteFunction,
  deleteSkill,
  listFunctions,
  listSkills,
  undeployFunction,
} from '@parley/contract'

/** The description of the demo's functions and skills. */
export const MADE_BY_DEMO = 'Made by npm run demo'

/** Removes what a demo has left that was killed while it ran: an event has few places for functions, and an agent few for skills. */
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
  const { skills } = await call(session, listSkills)
  for (const { skillId, description } of skills) {
    if (description === MADE_BY_DEMO) await call(session, deleteSkill, { params: { skillId } })
  }
}
