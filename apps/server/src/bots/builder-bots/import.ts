import { type BotExport, type BotImport, type BotSettings, NO_SKILL } from '@parley/contract'
import { invalid, ParleyError } from '#base/kernel'
import { beginningOf } from '#base/input'
import { checkBot, readExport } from '#bots/builder-file'
import type { Actor } from '#identity/audit'
import { BUILDER, type BuilderBotsDeps } from './deps.ts'
import type { LookedThrough } from './look-through.ts'
import {
  findBuilderBot,
  findByExport,
  findRevision,
  insertBuilderBot,
  insertRevision,
  updateBuilderBot,
} from './repository.ts'

/** Until an account sets another one: the conversation waits for whoever takes it. */
const ESCALATION = {
  skillId: NO_SKILL,
  messageToCustomer: '',
  messageToAgent: '',
  transferFailureMessage: '',
}

/** Until an account sets others. */
const CHANNELS: BotSettings['channels'] = ['messaging', 'chat']

/**
 * Takes in an export as a bot that is offline and has no skills. One that was taken in and not replaced since is answered as before: the
 * answer may have been lost.
 * @throws ParleyError `invalid_request` for what is no export, `conflict` for a bot that the account has
 */
export async function importBot(
  deps: BuilderBotsDeps,
  accountId: string,
  actor: Actor,
  file: unknown,
): Promise<BotImport> {
  const { bot, text } = readFile(file)
  const found = await findings(deps, accountId, checkBot(bot))
  const known = await findImported(deps, accountId, bot.bot.id, text)
  if (known !== undefined) return { botId: known, revision: 1, ...found }
  const botId = await create(deps, accountId, actor, bot, text)
  return { botId, revision: 1, ...found }
}

async function create(
  deps: BuilderBotsDeps,
  accountId: string,
  actor: Actor,
  bot: BotExport,
  text: string,
): Promise<string> {
  const settings = {
    channels: CHANNELS,
    welcome: false,
    engagementAttributes: true,
    escalation: ESCALATION,
  }
  const draft = { kind: BUILDER, name: nameOf(bot), skillIds: [], settings }
  const exportId = bot.bot.id
  let isSecond = false
  try {
    return await deps.botAgents.create(accountId, actor, draft, async (tx, id) => {
      isSecond = !(await insertBuilderBot(tx, { accountId, botId: id, exportId }))
      if (isSecond) {
        throw new ParleyError('conflict', `The bot "${exportId}" was imported meanwhile: try again`)
      }
      const createdAt = new Date(deps.clock.now())
      const row = { accountId, botId: id, revision: 1, createdAt }
      await insertRevision(tx, { ...row, file: text })
      await deps.audit.record(tx, accountId, {
        actor,
        action: 'bot.imported',
        object: `bot:${id}`,
        details: { name: bot.bot.name, exportId },
      })
    })
  } catch (error) {
    // Another request has imported it since it was looked for: perhaps this very one, sent twice.
    const first = isSecond ? await findImported(deps, accountId, exportId, text) : undefined
    if (first === undefined) throw error
    return first
  }
}

/** Reads an export as it is stored, which may be longer than it came: what could not be read again is refused. */
function readFile(file: unknown): { bot: BotExport; text: string } {
  const text = JSON.stringify(file)
  return { bot: readExport(text).bot, text }
}

/** The bot that this very export has made. @throws ParleyError `conflict` when another export of the bot has */
async function findImported(
  { store }: BuilderBotsDeps,
  accountId: string,
  exportId: string,
  text: string,
): Promise<string | undefined> {
  const known = await findByExport(store.db, accountId, exportId)
  if (!known) return undefined
  const { botId, name, revision } = known
  const stored = revision === 1 && (await findRevision(store.db, accountId, botId, 1))
  if (stored === text) return botId
  // By the id of the bot: operations do not know the one of its export.
  throw new ParleyError(
    'conflict',
    `The bot "${exportId}" is there already, as "${name}" (${botId}): replace its export`,
  )
}

/**
 * Takes in a new export of a bot. Conversations that are open end on the one with which they began.
 * @throws ParleyError `not_found`, `invalid_request` also for the export of another bot
 */
export async function replaceBot(
  deps: BuilderBotsDeps,
  accountId: string,
  actor: Actor,
  botId: string,
  file: unknown,
): Promise<BotImport> {
  const { bot, text } = readFile(file)
  await deps.botAgents.get(accountId, botId, BUILDER)
  let revision = 0
  await deps.botAgents.change(accountId, actor, botId, { name: nameOf(bot) }, async (tx) => {
    const stored = await findBuilderBot(tx, accountId, botId, { locked: true })
    if (!stored) throw new ParleyError('not_found', `No bot "${botId}"`)
    if (stored.exportId !== bot.bot.id) {
      const message = `must be "${stored.exportId}", the id of the bot that it replaces`
      throw invalid('body.bot.id', message)
    }
    revision = stored.revision + 1
    const row = { accountId, botId, revision, createdAt: new Date(deps.clock.now()) }
    await insertRevision(tx, { ...row, file: text })
    await updateBuilderBot(tx, accountId, botId, { revision })
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'bot.replaced',
      object: `bot:${botId}`,
      details: { revision },
    })
  })
  return { botId, revision, ...(await findings(deps, accountId, checkBot(bot))) }
}

/** What of a bot will not run, or is not there, and which hosts it calls. */
export async function findings(
  { functionConfig }: BuilderBotsDeps,
  accountId: string,
  { failures, hosts, warnings }: LookedThrough['check'],
): Promise<Pick<BotImport, 'warnings' | 'hosts'>> {
  const looked = hosts.map(async (host) => ({
    host,
    allowed: await functionConfig.allowlist.allows(accountId, host),
  }))
  return { warnings: [...failures, ...warnings], hosts: await Promise.all(looked) }
}

/** What the bot's user is called. */
function nameOf({ bot }: BotExport): string {
  return beginningOf(bot.name.trim(), 100) || 'Bot'
}
