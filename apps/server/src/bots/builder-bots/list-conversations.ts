import type { BuilderConversation, listBuilderConversations } from '@parley/contract'
import type * as z from 'zod'
import type { Principal } from '#base/http'
import { BUILDER, type BuilderBotsDeps } from './deps.ts'
import { getStored } from './manage.ts'
import { Memory } from './memory.ts'

/**
 * One page of a bot's open conversations that the caller may see, with where each stands in its dialogs.
 * @throws ParleyError `not_found`
 */
export async function listConversations(
  deps: BuilderBotsDeps,
  accountId: string,
  botId: string,
  principal: Principal,
  { after, limit }: z.output<typeof listBuilderConversations.query>,
): Promise<{ conversations: BuilderConversation[]; next?: string }> {
  const bot = await deps.botAgents.get(accountId, botId, BUILDER)
  const { revision: newest } = await getStored(deps, accountId, botId)
  const reader = await deps.reading.readerOf(principal)
  const found = await deps.botAgents.listConversations(accountId, bot, reader, {
    limit: limit + 1,
    after,
  })
  const page = found.slice(0, limit)
  const conversations: BuilderConversation[] = []
  for (const { channel, conversationId, memory, since, skillId } of page) {
    const place = await placeOf(deps, { accountId, botId, newest }, memory)
    const came = { channel, conversationId, skillId, since: new Date(since).toISOString() }
    conversations.push({ ...came, ...place })
  }
  const next = found.length > limit && page.at(-1)?.conversationId
  return { conversations, ...(next && { next }) }
}

/** Names are those of the export by which the conversation began; empty ones when that is not kept any more. */
async function placeOf(
  { exports }: BuilderBotsDeps,
  { accountId, botId, newest }: { accountId: string; botId: string; newest: number },
  memory: unknown,
): Promise<Omit<BuilderConversation, 'channel' | 'conversationId' | 'skillId' | 'since'>> {
  const known = Memory.safeParse(memory).data
  if (!known) return { dialog: null, interaction: null, notes: [] }
  const { at, notes = [], revision, state } = known
  const bot = await exports.find(accountId, botId, revision, newest)
  const { dialogId, waiting } = state
  return {
    revision,
    notes,
    ...(at !== undefined && { standsSince: new Date(at).toISOString() }),
    dialog: dialogId === undefined ? null : { id: dialogId, name: bot?.dialogName(dialogId) ?? '' },
    interaction:
      waiting === undefined
        ? null
        : { id: waiting, name: bot?.interactions.get(waiting)?.name ?? '' },
  }
}
