import { type BotError, type BotErrorPage, type BotSettings, NO_SKILL } from '@parley/contract'
import type { Actor } from '#identity/audit'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { BotTest } from './bot-kind.ts'
import type { BotAgentsDeps } from './deps.ts'
import * as repository from './repository.ts'
import type { StoredBot } from './repository.ts'
import { countAllConversations, countConversations } from './next-step.ts'
import { showState, stateRow } from './states.ts'

export { countConversations } from './next-step.ts'
import { stateAfter } from './state-after.ts'

/** Above the hard limit, so that what is beyond it can be taken and escalated (`spec/bots.md` 3.1). */
const SLOTS = 1_100

export interface BotDraft {
  /** Made by the server when absent. */
  botId?: string | undefined
  kind: string
  name: string
  skillIds: readonly string[]
  settings: BotSettings
}

/** Members that are absent keep their values. */
export interface BotChange {
  name?: string | undefined
  skillIds?: readonly string[] | undefined
  /** Makes the new ones of those that are stored, which nobody else changes meanwhile; it may be asked several times. */
  settings?: ((before: BotSettings) => BotSettings) | undefined
}

/**
 * Makes a bot with a user of its own, in one transaction; it is offline. `more` writes what its kind keeps, in the same one.
 * @throws ParleyError `invalid_request` for skills that the account has not
 */
export async function create(
  deps: BotAgentsDeps,
  accountId: string,
  actor: Actor,
  { botId = deps.ids.uuid(), kind, name, skillIds, settings }: BotDraft,
  more: (tx: Db, botId: string) => Promise<void>,
): Promise<string> {
  await requireSkills(deps, accountId, skillIds)
  const at = new Date(deps.clock.now())
  const user = {
    loginName: `bot-${botId}`,
    nickname: name,
    fullName: name,
    kind: 'bot' as const,
    role: 'agent' as const,
    skillIds: [...skillIds],
    maxSlots: SLOTS,
  }
  await deps.accounts.users.create(accountId, actor, user, async (tx, { userId, pid }) => {
    const bot = { botId, kind, userId, pid, name, settings }
    const isNew = { state: 'offline' as const, stopId: null, createdAt: at, updatedAt: at }
    await holdEscalation(deps, tx, accountId, settings)
    await repository.insertBot(tx, accountId, { ...bot, ...isNew })
    await more(tx, botId)
  })
  deps.directory.changed(accountId)
  return botId
}

/**
 * Changes a bot, which no other change touches until `more` has written what its kind keeps.
 * @throws ParleyError `not_found`, `invalid_request` for skills that the account has not
 */
export async function change(
  deps: BotAgentsDeps,
  accountId: string,
  actor: Actor,
  botId: string,
  wanted: BotChange,
  more: (tx: Db) => Promise<void>,
): Promise<void> {
  const { name, skillIds, settings } = wanted
  const { userId } = await get(deps, accountId, botId)
  await requireSkills(deps, accountId, skillIds)
  const write = async (tx: Db) => {
    const before = await getLocked(tx, accountId, botId)
    const after = settings?.(before.settings)
    if (after) await holdEscalation(deps, tx, accountId, after)
    await repository.updateBot(tx, accountId, botId, {
      ...(name !== undefined && { name }),
      ...(after && { settings: after }),
      updatedAt: new Date(deps.clock.now()),
    })
    await more(tx)
    // What waits in a skill or a channel that the bot has now may be for it.
    if (skillIds || settings) deps.store.enqueue(tx, accountId, [stateRow({ botId, userId })])
  }
  if (name === undefined && !skillIds) {
    await deps.directory.change(accountId, write)
  } else {
    const ofUser = {
      ...(name !== undefined && { nickname: name, fullName: name }),
      ...(skillIds && { skillIds: [...skillIds] }),
    }
    await deps.accounts.users.change(accountId, actor, userId, ofUser, write)
    deps.directory.changed(accountId)
  }
  deps.delivery.wake()
}

/** Its conversations wait for other agents; its user goes, too. @throws ParleyError `not_found` */
export async function remove(
  deps: BotAgentsDeps,
  accountId: string,
  botId: string,
  kind: string,
): Promise<void> {
  const { userId } = await get(deps, accountId, botId, kind)
  await deps.directory.change(accountId, async (tx) => {
    // Another call may have deleted it since it was read.
    if (!(await repository.deleteBot(tx, accountId, botId))) throw noBot(botId, kind)
    deps.store.enqueue(tx, accountId, [stateRow({ botId, userId })])
  })
  deps.delivery.wake()
}

/** @throws ParleyError `not_found`, also for a bot of another kind */
export async function get(
  { directory }: BotAgentsDeps,
  accountId: string,
  botId: string,
  kind?: string,
): Promise<StoredBot> {
  const bot = (await directory.list(accountId)).find((one) => one.botId === botId)
  if (bot && (kind === undefined || bot.kind === kind)) return bot
  throw noBot(botId, kind)
}

/** Those of one kind, the oldest first. */
export async function list(
  { directory }: BotAgentsDeps,
  accountId: string,
  kind: string,
): Promise<StoredBot[]> {
  return (await directory.list(accountId)).filter((bot) => bot.kind === kind)
}

/** A bot with the skills of its user, and how many conversations it serves now. */
export interface ServingBot {
  bot: StoredBot
  skillIds: string[]
  openConversations: number
}

/** Those of a kind, by few questions however many there are. */
export async function listServing(
  deps: BotAgentsDeps,
  accountId: string,
  kind: string,
): Promise<ServingBot[]> {
  const bots = await list(deps, accountId, kind)
  const openOf = await countAllConversations(deps, accountId)
  return await Promise.all(
    bots.map(async (bot) => ({
      bot: await asShown(deps, accountId, bot),
      skillIds: await skillsOf(deps, accountId, bot.userId),
      openConversations: openOf(bot.userId),
    })),
  )
}

/** @throws ParleyError `not_found`, also for a bot of another kind */
export async function getServing(
  deps: BotAgentsDeps,
  accountId: string,
  botId: string,
  kind: string,
): Promise<ServingBot> {
  const bot = await get(deps, accountId, botId, kind)
  const [shown, skillIds, openConversations] = await Promise.all([
    asShown(deps, accountId, bot),
    skillsOf(deps, accountId, bot.userId),
    countConversations(deps, accountId, bot.userId),
  ])
  return { bot: shown, skillIds, openConversations }
}

/** Nodes of version 0.1.0 disable the user of a bot and leave its state: nobody is served by it. */
async function asShown(
  { accounts }: BotAgentsDeps,
  accountId: string,
  bot: StoredBot,
): Promise<StoredBot> {
  if (await accounts.users.findAgent(accountId, bot.userId)) return bot
  return { ...bot, state: 'offline' }
}

/** Asks the vendor whether it answers. */
export async function test(
  deps: BotAgentsDeps,
  accountId: string,
  botId: string,
): Promise<BotTest> {
  const bot = await get(deps, accountId, botId)
  return await deps.kindOf(bot.kind).test(accountId, bot)
}

/**
 * Starts a bot, after a test, or stops it. A bot whose test fails is interrupted, and is tested again each minute. One that stops
 * keeps the conversations that it has. A bot that is stopped while it is tested stays stopped.
 */
export async function setState(
  deps: BotAgentsDeps,
  accountId: string,
  botId: string,
  wanted: 'online' | 'offline',
): Promise<void> {
  if (wanted === 'offline') {
    const stopId = deps.ids.uuid()
    return await saveState(deps, accountId, botId, () => ({ state: wanted, stopId }))
  }
  // Not from memory: another node may have stopped it a moment ago.
  const before = await repository.findBot(deps.store.db, accountId, { botId })
  if (before) await requireAgent(deps, accountId, before.userId)
  const state = stateAfter(wanted, await test(deps, accountId, botId))
  await saveState(deps, accountId, botId, ({ stopId }) =>
    stopId === before?.stopId ? { state } : {},
  )
}

/** Ids of the skills that a bot has now. */
async function skillsOf(
  { accounts }: BotAgentsDeps,
  accountId: string,
  userId: string,
): Promise<string[]> {
  return (await accounts.users.find(accountId, userId))?.skillIds ?? []
}

/** The newest first. @throws ParleyError `not_found`, also for a bot of another kind */
export async function listErrors(
  deps: BotAgentsDeps,
  accountId: string,
  botId: string,
  kind: string,
  page: BotErrorPage,
): Promise<BotError[]> {
  await get(deps, accountId, botId, kind)
  const errors = await repository.listErrors(deps.store.db, accountId, botId, page)
  return errors.map(({ errorId, name, reason, isInChat, conversationId, at }) => ({
    errorId,
    name,
    ...(reason !== null && { reason }),
    channel: isInChat ? 'chat' : 'messaging',
    conversationId,
    at: at.toISOString(),
  }))
}

async function saveState(
  deps: BotAgentsDeps,
  accountId: string,
  botId: string,
  change: (bot: StoredBot) => Partial<Pick<StoredBot, 'state' | 'stopId'>>,
): Promise<void> {
  const bot = await deps.directory.change(accountId, async (tx) => {
    const before = await getLocked(tx, accountId, botId)
    const after = { ...change(before), updatedAt: new Date(deps.clock.now()) }
    await repository.updateBot(tx, accountId, botId, after)
    deps.store.enqueue(tx, accountId, [stateRow(before)])
    return { ...before, ...after }
  })
  // The caller may open a conversation right away. The row does the same again, should this node die here.
  await showState(deps, accountId, bot.userId, bot)
  deps.delivery.wake()
}

async function getLocked(tx: Db, accountId: string, botId: string): Promise<StoredBot> {
  const bot = await repository.findBot(tx, accountId, { botId }, { locked: true })
  if (!bot) throw noBot(botId)
  return bot
}

/** Whoever asks for a connector knows no bot. */
function noBot(botId: string, kind?: string): ParleyError {
  const what = kind === 'connector' ? 'connector' : 'bot'
  return new ParleyError('not_found', `No ${what} "${botId}"`)
}

/** @throws ParleyError `conflict` for a user who could not serve anybody */
async function requireAgent(
  { accounts }: BotAgentsDeps,
  accountId: string,
  userId: string,
): Promise<void> {
  if (await accounts.users.findAgent(accountId, userId)) return
  // Another node may have enabled it a moment ago.
  accounts.readAgain(accountId)
  if (await accounts.users.findAgent(accountId, userId)) return
  const message = 'The user of the bot is disabled, or handles no conversations: change that first'
  throw new ParleyError('conflict', message)
}

/** Says which of them is missing: the database only says that one is. */
async function requireSkills(
  { accounts }: BotAgentsDeps,
  accountId: string,
  skillIds: readonly string[] = [],
): Promise<void> {
  for (const [at, skillId] of skillIds.entries()) {
    await accounts.skills.getNamed(accountId, `body.skillIds.${at}`, skillId)
  }
}

async function holdEscalation(
  { accounts }: BotAgentsDeps,
  tx: Db,
  accountId: string,
  { escalation: { skillId } }: BotSettings,
): Promise<void> {
  if (skillId === NO_SKILL) return
  const named = [{ path: 'body.escalation.skillId', skillId }]
  await accounts.skills.holdNamed(tx, accountId, named)
}
