import { CHAT_SURVEY_OPEN_MS, type ChatEnder, type ChatEndReason } from '@parley/contract'
import { openFollowUp, type Timer } from '#base/delivery'
import type { Principal } from '#base/http'
import { type ChatDraft, changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { findChat, listOpen } from './repository.ts'
import { agentIdOf, refuseEnded, refuseUnlessServing } from './serving.ts'
import { silenceEndsAt } from './silence-timer.ts'
import type { ChatState } from './state.ts'

/** Who has ended it gets the same answer again: the first one may have been lost. */
export async function endChatByConsumer(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
): Promise<ChatState> {
  const { state } = await changeChat(deps, accountId, chatId, async (draft) => {
    if (draft.state.endedBy === 'CONSUMER') return
    refuseEnded(draft.state)
    await end(deps, accountId, draft, 'CONSUMER', 'closed')
  })
  return state
}

/**
 * The agent who serves a chat may end it. With the permission `conversation:manage` a user may end any chat. A chat that the agents' side
 * has ended is answered again to those who may have done it.
 */
export async function endChatByAgent(
  deps: ChatDeps,
  accountId: string,
  principal: Principal,
  chatId: string,
): Promise<ChatState> {
  const { state } = await changeChat(deps, accountId, chatId, async (draft) => {
    const { agent, endedBy } = draft.state
    const manages = principal.permissions.has('conversation:manage')
    if (endedBy === 'AGENT' && (manages || agent?.agentId === agentIdOf(principal))) return
    refuseEnded(draft.state)
    if (!manages) refuseUnlessServing(draft.state, agentIdOf(principal))
    await end(deps, accountId, draft, 'AGENT', 'closed')
  })
  return state
}

/** Ends a chat that is still silent when its timer fires, or its offer to one agent. Else the timer is armed for the later instant. */
export async function endSilentChat(
  deps: ChatDeps,
  { accountId, facts, kind, key, generation }: Timer<{ chatId: string }>,
): Promise<void> {
  const { chat: limits } = await deps.settings.get(accountId)
  await changeChat(
    deps,
    accountId,
    facts.chatId,
    async (draft) => {
      const endsAt = silenceEndsAt(draft.state, limits)
      if (endsAt === undefined) return
      if (endsAt > draft.at) return withdrawOffer(draft)
      const reason = draft.state.stage === 'waiting' ? 'not-taken' : 'silence'
      await end(deps, accountId, draft, 'SYSTEM', reason)
    },
    { completesTimer: { kind, key, generation } },
  )
}

/** An agent who was offered the chat has not taken it: all of its skill may. */
function withdrawOffer(draft: ChatDraft): void {
  const { until = Infinity } = draft.state.offeredTo ?? {}
  if (until > draft.at) return
  delete draft.state.offeredTo
  draft.isOfferOver = true
}

/** Chats that wait or are served already follow shorter limits, too. Longer ones are found when a timer fires. */
export function followShorterLimits(deps: ChatDeps): void {
  const followUp = openFollowUp(deps, 'chat-times-changed', (accountId) =>
    armEarlier(deps, accountId),
  )
  deps.settings.alsoWrite(async (tx, accountId, { before, after }) => {
    const isShorter = (limit: 'notTakenAfterMs' | 'silenceAfterMs') =>
      after.chat[limit] < before.chat[limit]
    if (!isShorter('notTakenAfterMs') && !isShorter('silenceAfterMs')) return
    await followUp.arm(tx, accountId)
  })
}

/** Arms the timers of open chats that would fire too late by the present limits. */
async function armEarlier(deps: ChatDeps, accountId: string): Promise<void> {
  const { settings, store } = deps
  settings.readAgain(accountId)
  const limits = (await settings.get(accountId)).chat
  for (const { chatId } of await listOpen(store.db, accountId)) {
    const chat = await findChat(store.db, accountId, chatId)
    const endsAt = chat && silenceEndsAt(chat.state, limits)
    if (endsAt === undefined || (chat?.state.silenceTimerAt ?? 0) <= endsAt) continue
    // The commit of any change arms it.
    await changeChat(deps, accountId, chatId, () => undefined)
  }
}

/** A survey follows only if an agent has served the chat. */
export async function end(
  deps: Pick<ChatDeps, 'settings'>,
  accountId: string,
  draft: ChatDraft,
  by: ChatEnder,
  reason: ChatEndReason,
): Promise<void> {
  const { state, at } = draft
  const { survey: form } = (await deps.settings.get(accountId)).chat
  state.stage = 'ended'
  state.endedAt = at
  state.endedBy = by
  state.endReason = reason
  delete state.waitingSince
  delete state.offeredTo
  if (form && state.agents.length > 0) state.survey = { form, openUntil: at + CHAT_SURVEY_OPEN_MS }
  draft.add({ type: 'ended', by, reason })
}
