import type { BotAction, BotChannelName, BotMessage } from '@parley/contract'
import * as z from 'zod'
import type { BotFails, BotSays, BotTurn, HeardMessage } from '#bots/bot-agents'
import {
  type BuilderBot,
  type ConversationFacts,
  newDialogState,
  type Output,
  takeTurn,
} from '#bots/builder-dialog'
import type { InvocationRecord } from '#faas/records'
import { attributesOf } from './attributes.ts'
import type { BuilderBotsDeps } from './deps.ts'
import { foreverOf } from './forever.ts'
import { keptNotes, Memory, memoryAfter, resumed } from './memory.ts'
import { messageOf } from './message-of.ts'
import { outsideOf } from './outside.ts'
import { findBuilderBot, type StoredBuilderBot } from './repository.ts'
import { storedContext } from './stored-context.ts'

/** One turn of a conversation with a bot of Conversation Builder. */
export async function answerTurn(
  deps: BuilderBotsDeps,
  turn: BotTurn,
): Promise<BotSays | BotFails> {
  const { accountId, bot, conversation, cue, turnId } = turn
  const records: InvocationRecord[] = []
  // Bots of Conversation Builder begin with what the consumer says.
  if (cue.kind === 'welcome') return { ok: true, messages: [], records }
  const stored = await findBuilderBot(deps.store.db, accountId, bot.botId)
  if (!stored) return { ok: false, error: 'aivendor.faas.failed-faas-request', records }
  const { conversationId } = conversation
  const consumerId = consumerOf(turn)
  const known = Memory.safeParse(turn.memory).data ?? resumed(Memory.safeParse(turn.earlier).data)
  const { revision, opened } = await exportOf(deps, turn, stored, known?.revision)
  const forever = foreverOf(deps, turn, consumerId)
  const before = known?.state ?? newDialogState(await forever.read())
  const context = storedContext(deps, accountId, { conversationId, consumerId })
  const of = { accountId, botId: bot.botId, turnId, revision, conversationId, context, records }
  const { notes, outputs, state } = await takeTurn(
    {
      bot: opened,
      facts: factsOf(turn),
      outside: outsideOf(deps, stored, of),
    },
    before,
    { text: cue.text, metadata: metadataOf(cue.messages.at(-1)) },
  )
  const unkept = await forever.write(before.variables.forever, state.variables.forever, !known)
  if (unkept !== undefined) notes.push({ interaction: opened.name, what: unkept })
  const mask = deps.functionConfig.secrets.maskOf(accountId)
  const after = { revision, state, notes: keptNotes(notes, mask) }
  return {
    ok: true,
    messages: outputs.flatMap((output) => toMessage(output, conversation.channel)),
    action: await actionOf(deps, accountId, stored, outputs),
    memory: memoryAfter(known, after, deps.clock.now()),
    records,
  }
}

/** The export with which the conversation began; the newest where it has just begun, or that one is gone. */
async function exportOf(
  { exports }: BuilderBotsDeps,
  { accountId, bot }: BotTurn,
  stored: StoredBuilderBot,
  begun: number | undefined,
): Promise<{ revision: number; opened: BuilderBot }> {
  for (const revision of [begun, stored.revision]) {
    if (revision === undefined) continue
    const opened = await exports.find(accountId, bot.botId, revision, stored.revision)
    if (opened) return { revision, opened }
  }
  throw new Error(`Bot ${bot.botId} has no export`)
}

function factsOf(turn: BotTurn): ConversationFacts {
  const { accountId, conversation } = turn
  const { conversationId, skillId, previousSkillId } = conversation
  return {
    accountId,
    botId: turn.bot.botId,
    conversationId,
    consumerId: consumerOf(turn),
    channel: 'lp_web',
    currentSkillId: skillId,
    ...(previousSkillId !== undefined && { previousSkillId }),
    ...attributesOf(turn.sdes),
  }
}

function metadataOf(message: HeardMessage | undefined) {
  return z.array(z.looseObject({})).safeParse(message?.raw['metadata']).data
}

function toMessage(output: Output, channel: BotChannelName): BotMessage[] {
  if (output.kind === 'delay') {
    return [{ type: 'pause', seconds: Math.max(1, Math.round(output.ms / 1000)), typing: true }]
  }
  return output.kind === 'transfer' || output.kind === 'close' ? [] : [messageOf(output, channel)]
}

/** To the skill of the account that stands for the one of the export; without one to the default skill. */
async function actionOf(
  { accounts }: BuilderBotsDeps,
  accountId: string,
  { skillMap }: StoredBuilderBot,
  outputs: readonly Output[],
): Promise<BotAction | undefined> {
  const last = outputs.findLast(({ kind }) => kind === 'transfer' || kind === 'close')
  if (last?.kind === 'close') return { type: 'close', withoutSurvey: false }
  if (last?.kind !== 'transfer') return undefined
  const mapped = new Map(Object.entries(skillMap)).get(last.skillId ?? '')
  const skill = mapped === undefined ? undefined : await accounts.skills.find(accountId, mapped)
  if (!skill) return { type: 'escalate' }
  const { name: skillName, skillId } = skill
  return { type: 'transfer', skillName, skillId }
}

/** Nobody knows who comes back to a live chat: there the chat stands for its consumer, and what is kept goes with it. */
function consumerOf({ conversation: { consumerId, conversationId } }: BotTurn): string {
  return consumerId ?? conversationId
}
