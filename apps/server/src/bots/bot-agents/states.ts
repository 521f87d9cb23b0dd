import type { BotChannelName, BotState } from '@parley/contract'
import * as z from 'zod'
import { ParleyError } from '#base/kernel'
import type { OutboxConsumer, TimerKind } from '#base/delivery'
import type { Db, OutboxInsert } from '#base/store'
import type { BotAgentsDeps } from './deps.ts'
import { findBot, updateBot } from './repository.ts'
import { stateAfter } from './state-after.ts'

const CONSUMER = 'bot-states'
const RESTART = 'bot-restart'
const RESTART_AFTER_MS = 60_000

const StateFacts = z.object({ botId: z.string(), userId: z.string() })

/** For the transaction that changes the state of a bot, or deletes it. */
export function stateRow({ botId, userId }: z.infer<typeof StateFacts>): OutboxInsert {
  return { consumer: CONSUMER, orderingKey: botId, facts: { botId, userId } }
}

/** A bot whose vendor is interrupted does, too: it gives them away at once (`spec/bots.md` 3.1). */
export function takesConversations({ state }: { state: BotState }): boolean {
  return state === 'online' || state === 'vendor-interruption'
}

/** A bot whose vendor is interrupted takes conversations, too, and gives them away at once (`spec/bots.md` 3.1). */
export async function showState(
  { channels }: Pick<BotAgentsDeps, 'channels'>,
  accountId: string,
  userId: string,
  bot: { state: BotState; settings: { channels: readonly BotChannelName[] } } | undefined,
): Promise<void> {
  const takes = bot !== undefined && takesConversations(bot)
  for (const [name, channel] of channels) {
    const isServed = takes && bot.settings.channels.includes(name)
    await channel.setTaking(accountId, userId, isServed)
  }
}

/** Makes routing see what the bot's state is now. */
export function stateConsumer(deps: BotAgentsDeps): OutboxConsumer<z.infer<typeof StateFacts>> {
  return {
    name: CONSUMER,
    workers: 'platform',
    facts: StateFacts,
    async handle({ id, accountId, facts: { botId, userId } }) {
      // The node that has changed its skills may have died before it told this one.
      deps.accounts.readAgain(accountId)
      deps.directory.changed(accountId)
      const bot = await findBot(deps.store.db, accountId, { botId })
      if (bot) await showState(deps, accountId, userId, bot)
      else await leave(deps, accountId, userId)
      const isInterrupted = bot?.state.endsWith('-interruption')
      const timer = { kind: RESTART, key: botId }
      const dueAt = deps.clock.now() + RESTART_AFTER_MS
      await deps.delivery.commit({
        accountId,
        documents: [],
        ...(isInterrupted
          ? { arm: [{ ...timer, dueAt, facts: { botId, userId } }] }
          : { disarm: [timer] }),
        completesRow: { outboxId: id },
      })
    },
  }
}

/** An interrupted bot is tested each minute. */
export function restartTimer(deps: BotAgentsDeps): TimerKind<z.infer<typeof StateFacts>> {
  return {
    kind: RESTART,
    workers: 'functions',
    facts: StateFacts,
    exhausted: {
      async goOn({ accountId, kind, key, generation, facts }, deadLetter) {
        const outbox = [stateRow(facts)]
        const completesTimer = { kind, key, generation }
        await deps.delivery.commit({ accountId, documents: [], outbox, completesTimer, deadLetter })
      },
    },
    async fire(timer) {
      const { accountId, facts } = timer
      const { botId } = facts
      const bot = await findBot(deps.store.db, accountId, { botId })
      const tested = bot && (await deps.kindOf(bot.kind).test(accountId, bot))
      await deps.directory.change(accountId, async (tx) => {
        if (!(await deps.delivery.endTimer(tx, timer))) return
        const now = await findBot(tx, accountId, { botId }, { locked: true })
        if (!now?.state.endsWith('-interruption')) return
        const state = stateAfter('online', tested)
        await updateBot(tx, accountId, botId, { state, updatedAt: new Date(deps.clock.now()) })
        deps.store.enqueue(tx, accountId, [stateRow(now)])
      })
      deps.delivery.wake()
    },
  }
}

/** What a deleted bot had waits for other agents, then its user goes. Once it has gone, nothing is stored about it any more. */
async function leave(deps: BotAgentsDeps, accountId: string, userId: string): Promise<void> {
  const user = await deps.accounts.users.find(accountId, userId)
  if (!user) return
  await showState(deps, accountId, userId, undefined)
  for (const channel of deps.channels.values()) await channel.leaveAll(accountId, user)
  try {
    await deps.accounts.users.remove(accountId, 'system', userId)
  } catch (error) {
    // Another attempt, or an administrator, was faster.
    if (!(error instanceof ParleyError) || error.code !== 'not_found') throw error
  }
}

/** A bot whose user is disabled, or has another role, serves nobody: it is shown as stopped, and is started by hand once its user is an agent again. */
export async function stopWithItsUser(
  { store, clock, ids }: Pick<BotAgentsDeps, 'store' | 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  userId: string,
): Promise<void> {
  const bot = await findBot(tx, accountId, { userId }, { locked: true })
  if (!bot) return
  const updatedAt = new Date(clock.now())
  await updateBot(tx, accountId, bot.botId, { state: 'offline', stopId: ids.uuid(), updatedAt })
  store.enqueue(tx, accountId, [stateRow(bot)])
}

/** Without its user a bot serves nobody, and cannot be changed. @throws ParleyError `conflict` for the user of a bot */
export async function keepItsUser(tx: Db, accountId: string, userId: string): Promise<void> {
  if (!(await findBot(tx, accountId, { userId }))) return
  throw new ParleyError('conflict', 'This server runs the bot: delete the bot instead of its user')
}
