import type { BotSettings, BuilderBot, BuilderBotChange } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { beginningOf } from '#base/input'
import { readExport } from '#bots/builder-file'
import type { ServingBot } from '#bots/bot-agents'
import type { Actor } from '#identity/audit'
import { BUILDER, type BuilderBotsDeps } from './deps.ts'
import {
  findBuilderBot,
  findRevision,
  listBuilderBots,
  type StoredBuilderBot,
  updateBuilderBot,
} from './repository.ts'

export async function list(deps: BuilderBotsDeps, accountId: string): Promise<BuilderBot[]> {
  const serving = await deps.botAgents.listServing(accountId, BUILDER)
  // After the bots: one that is made meanwhile is not among them, and one that is deleted meanwhile is left out.
  const stored = await listBuilderBots(deps.store.db, accountId)
  return serving.flatMap((one) => {
    const own = stored.get(one.bot.botId)
    return own ? [show(one, own)] : []
  })
}

/** @throws ParleyError `not_found` */
export async function read(
  deps: BuilderBotsDeps,
  accountId: string,
  botId: string,
): Promise<BuilderBot> {
  const serving = await deps.botAgents.getServing(accountId, botId, BUILDER)
  return show(serving, await getStored(deps, accountId, botId))
}

function show(
  { bot, skillIds, openConversations }: ServingBot,
  stored: StoredBuilderBot,
): BuilderBot {
  const { botId, createdAt, name, settings, state, updatedAt, userId } = bot
  return {
    botId,
    name,
    skillIds,
    channels: settings.channels,
    escalation: settings.escalation,
    ...stored,
    userId,
    state,
    openConversations,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

/** The newest export, as it came. @throws ParleyError `not_found` */
export async function readFile(
  deps: BuilderBotsDeps,
  accountId: string,
  botId: string,
): Promise<Record<string, unknown>> {
  await deps.botAgents.get(accountId, botId, BUILDER)
  const { revision } = await getStored(deps, accountId, botId)
  const text = await findRevision(deps.store.db, accountId, botId, revision)
  if (text === undefined) throw new ParleyError('not_found', `No export of bot "${botId}"`)
  return readExport(text).file as Record<string, unknown>
}

/** @throws ParleyError `not_found`, `invalid_request` for skills that the account has not */
export async function change(
  deps: BuilderBotsDeps,
  accountId: string,
  actor: Actor,
  botId: string,
  { answers, channels, escalation, skillIds, skillMap }: BuilderBotChange,
): Promise<BuilderBot> {
  await deps.botAgents.get(accountId, botId, BUILDER)
  const mapped = Object.entries(skillMap ?? {}).map(([from, skillId]) => ({
    path: `body.skillMap.${beginningOf(from, 100)}`,
    skillId,
  }))
  const wanted = {
    skillIds,
    settings: (before: BotSettings) => ({
      ...before,
      engagementAttributes: true,
      ...(channels && { channels }),
      ...(escalation && { escalation }),
    }),
  }
  await deps.botAgents.change(accountId, actor, botId, wanted, async (tx) => {
    await deps.accounts.skills.holdNamed(tx, accountId, mapped)
    await updateBuilderBot(tx, accountId, botId, {
      ...(skillMap && { skillMap }),
      ...(answers && { answers }),
    })
    const given = { answers, channels, escalation, skillIds, skillMap }
    const members = Object.entries(given).flatMap(([name, value]) => (value ? [name] : []))
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'bot.changed',
      object: `bot:${botId}`,
      details: { members },
    })
  })
  return await read(deps, accountId, botId)
}

/** @throws ParleyError `not_found`, `conflict` while it has conversations */
export async function remove(
  deps: BuilderBotsDeps,
  accountId: string,
  botId: string,
): Promise<void> {
  const { userId } = await deps.botAgents.get(accountId, botId, BUILDER)
  const open = await deps.botAgents.countConversations(accountId, userId)
  if (open === 1) throw new ParleyError('conflict', 'The bot has 1 open conversation')
  if (open > 0) throw new ParleyError('conflict', `The bot has ${open} open conversations`)
  await deps.botAgents.remove(accountId, botId, BUILDER)
}

/** @throws ParleyError `not_found` */
export async function setState(
  deps: BuilderBotsDeps,
  accountId: string,
  botId: string,
  state: 'online' | 'offline',
): Promise<BuilderBot> {
  await deps.botAgents.get(accountId, botId, BUILDER)
  await deps.botAgents.setState(accountId, botId, state)
  return await read(deps, accountId, botId)
}

/** @throws ParleyError `not_found` */
export async function getStored(
  { store }: Pick<BuilderBotsDeps, 'store'>,
  accountId: string,
  botId: string,
): Promise<StoredBuilderBot> {
  const stored = await findBuilderBot(store.db, accountId, botId)
  if (!stored) throw new ParleyError('not_found', `No bot "${botId}"`)
  return stored
}
