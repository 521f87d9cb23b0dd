import { type ConversationState, NO_SKILL } from '@parley/contract'
import { type Actor, moveToSkill, type Decision, needsAgent } from '#messaging/rules'
import { unlessGone } from '#base/kit'
import type { RoutingDeps } from './deps.ts'
import { listWaitingOutside } from './repository.ts'

/** No agent has a skill that is deleted, or can be given it. */
export async function isSkillDeleted(
  { accounts }: Pick<RoutingDeps, 'accounts'>,
  accountId: string,
  { skillId }: Pick<ConversationState, 'skillId'>,
): Promise<boolean> {
  const isKnown = async () =>
    skillId === NO_SKILL || (await accounts.skills.find(accountId, skillId)) !== undefined
  if (await isKnown()) return false
  // Another node may have made the skill a moment ago.
  accounts.readAgain(accountId)
  return !(await isKnown())
}

/** A conversation whose skill is deleted waits without a skill: for any agent, as nobody could take it. */
export async function leaveDeletedSkill(
  deps: Pick<RoutingDeps, 'accounts' | 'conversations'>,
  accountId: string,
  decision: Decision,
): Promise<void> {
  if (!(await isSkillDeleted(deps, accountId, decision.state))) return
  const { userId, pid } = deps.accounts.controllerBot(accountId)
  const system: Actor = { kind: 'system', userId, pid }
  const delay = await deps.conversations.delayOf(accountId, NO_SKILL, decision.at)
  moveToSkill(decision, system, { skillId: NO_SKILL, delay })
}

/** Those that wait now. Each that changes asks for an agent by itself. */
export async function leaveDeletedSkills(deps: RoutingDeps, accountId: string): Promise<void> {
  const skills = await deps.accounts.skills.list(accountId)
  const known = [NO_SKILL, ...skills.map(({ skillId }) => skillId)]
  const ids = await listWaitingOutside(deps.store.db, accountId, known)
  for (const conversationId of ids) {
    const changed = deps.conversations.changeConversation(
      accountId,
      conversationId,
      async (decision) => {
        if (needsAgent(decision.state)) await leaveDeletedSkill(deps, accountId, decision)
      },
      { decidesAgain: true },
    )
    await unlessGone(changed)
  }
}
