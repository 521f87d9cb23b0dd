import type { OutboxConsumer, OutboxRow } from '#base/delivery'
import { uuidOf } from '#base/kernel'
import { answer, sessionWrite, type TurnEnd } from './answer.ts'
import type { BotCue, BotFails, BotSays } from './bot-kind.ts'
import type { BotChannel } from './channel.ts'
import type { BotAgentsDeps } from './deps.ts'
import { errorRow } from './errors.ts'
import { findServed, nextStep, type Served } from './next-step.ts'
import { pauseUntil } from './pauses.ts'
import { TURNS, WakeFacts } from './wake.ts'

type Row = OutboxRow<WakeFacts>

/** Vendors may take half a minute each: many turns at once, beside everything else that a node does. */
const AT_ONCE = 256

/** Looks at a conversation that a bot has, and does what there is to be done. */
export function turnConsumer(deps: BotAgentsDeps): OutboxConsumer<WakeFacts> {
  return {
    name: TURNS,
    facts: WakeFacts,
    workers: AT_ONCE,
    handle: (row) => takeTurn(deps, row),
    exhausted: (row) => giveUp(deps, row),
  }
}

async function takeTurn(deps: BotAgentsDeps, row: Row): Promise<void> {
  const served = await findServed(deps, row.accountId, row.facts)
  if (!served) return await deps.delivery.end(row)
  const step = await nextStep(deps, served)
  const { session } = served
  const completesRow = { outboxId: row.id }
  switch (step.kind) {
    case 'nothing':
      return await deps.delivery.end(row)
    case 'wait':
      return await wait(deps, row, served, step.until)
    case 'go-on': {
      const { rest, ...without } = session
      const { messages = [], action, untold, detail } = rest ?? {}
      const intents = untold ? session.intents : undefined
      const end = { messages, action, intents, detail, session: without, records: [], more: true }
      return await answer(deps, served, completesRow, end)
    }
    case 'escalate':
      return await answer(deps, served, completesRow, {
        messages: [],
        ...(step.why === 'limit'
          ? { failure: { error: 'pipes.conversation-limit-checker.max-conv-limit-reached' } }
          : { gives: true }),
        session: { ...session, next: step.next },
        records: [],
      })
    case 'keep':
      return await keep(deps, row, served, step.next)
    case 'ask':
      return await ask(deps, row, served, step)
  }
}

/** Passing it on has failed, as the list of errors says; the bot answers the consumer's next message. */
async function keep(deps: BotAgentsDeps, row: Row, served: Served, next: number): Promise<void> {
  const { accountId, bot, channel, conversation, session, version } = served
  const { conversationId } = conversation
  const failure = {
    error: channel.errorOf('leave', { messages: 0 }),
    reason: `Bots have passed it on to each other ${session.passedOn} times since the consumer has written`,
  }
  await deps.delivery.commit({
    accountId,
    documents: [sessionWrite(conversationId, version, { ...session, greeted: true, next })],
    outbox: [errorRow(deps, bot, conversationId, failure)],
    completesRow: { outboxId: row.id },
  })
}

/**
 * The bot has been asked in vain, again and again, because something in this server fails: a human goes on. Where nobody is there, the
 * bot goes on without what was still to be said after a pause: that may be what fails.
 */
async function giveUp(deps: BotAgentsDeps, row: Row): Promise<void> {
  const served = await findServed(deps, row.accountId, row.facts)
  if (!served) return await deps.delivery.end(row)
  const { rest: _, ...session } = served.session
  await answer(
    deps,
    served,
    { outboxId: row.id },
    {
      messages: [],
      failure: { error: 'events-queue.not-catched-pipeline-error' },
      session: { ...session, greeted: true, next: served.conversation.nextSequence },
      records: [],
    },
  )
}

async function ask(
  deps: BotAgentsDeps,
  row: Row,
  served: Served,
  { cue, next, more }: { cue: BotCue; next: number; more: boolean },
): Promise<void> {
  const { accountId, bot, channel, conversation } = served
  const session = await withSdes(deps, served)
  const { sdes, memory } = session
  const earlier = session.earlier?.[bot.botId]
  const turn = {
    accountId,
    bot,
    turnId: uuidOf(`bot-turn/${accountId}/${row.id}`),
    cue,
    conversation,
    ...(sdes && { sdes }),
    ...(memory !== undefined && { memory }),
    ...(earlier !== undefined && { earlier }),
  }
  const said = verified(channel, await deps.kindOf(bot.kind).turn(turn))
  const isNew = cue.kind === 'messages' && (cue.messages.at(-1)?.at ?? 0) > conversation.since
  const after = { ...session, greeted: true, next, ...(isNew && { passedOn: 0 }) }
  const { detail, records } = said
  const end: TurnEnd = said.ok
    ? {
        messages: said.messages,
        action: said.action,
        unknownAction: said.unknownAction,
        intents: said.intents,
        session: {
          ...after,
          ...(said.memory !== undefined && { memory: said.memory }),
          ...(said.intents && { intents: [...said.intents] }),
        },
        detail,
        records,
        more,
      }
    : {
        messages: [],
        failure: { error: said.error, reason: said.reason },
        detail,
        session: after,
        records,
      }
  await answer(deps, served, { outboxId: row.id }, end)
}

/** The error of an answer that the channel cannot show at all; nothing of it is said. */
function verified(channel: BotChannel, said: BotSays | BotFails): BotSays | BotFails {
  const verdict = said.ok ? channel.verify(said) : said
  if ('records' in verdict) return verdict
  const { detail, records } = said
  return { ok: false, detail, records, ...verdict }
}

/** Collected once, when the conversation has come (`spec/bots.md` 3.3). */
async function withSdes(
  { people }: BotAgentsDeps,
  { accountId, bot, conversation, session }: Served,
): Promise<Served['session']> {
  if (!bot.settings.engagementAttributes || session.sdes) return session
  const { consumerId, context } = conversation
  const profile =
    consumerId === undefined ? undefined : await people.findProfile(accountId, consumerId)
  const { claims, authenticatedData } = profile ?? {}
  const visit = await people.listVisitorAttributes(accountId, context?.visitorId)
  const said = [...(authenticatedData?.lp_sdes ?? []), ...visit.map(({ sde }) => sde)]
  const unauthenticatedSdes = byType(said)
  return {
    ...session,
    sdes: { unauthenticatedSdes, authenticatedSdes: byType(claims?.lp_sdes ?? []) },
  }
}

/** The newest of each type. */
function byType(sdes: readonly Record<string, unknown>[]): Record<string, unknown> {
  return Object.fromEntries(sdes.map((sde) => [String(sde['type']), sde]))
}

async function wait(deps: BotAgentsDeps, row: Row, served: Served, until: number): Promise<void> {
  const { accountId, facts } = row
  const { conversationId } = facts
  await deps.delivery.commit({
    accountId,
    documents: served.fresh ? [sessionWrite(conversationId, served.version, served.session)] : [],
    arm: [pauseUntil(until, facts)],
    completesRow: { outboxId: row.id },
  })
}
