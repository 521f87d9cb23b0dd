import {
  type BoardAgent,
  type BoardConversation,
  type BoardQueue,
  type getBoard,
  type Risk,
  RISKS,
} from '@parley/contract'
import type * as z from 'zod'
import type { LiveChat } from '#chat/live-chat'
import type { BoardDeps } from './deps.ts'
import { presenceOf } from './presence.ts'
import { listOpenConversations, type OpenConversation } from './repository.ts'

const MAX_CONVERSATIONS = 20_000
const MAX_CHATS = 10_000

type OpenChat = Awaited<ReturnType<LiveChat['served']['listOpen']>>[number]

/** What is shown of a conversation, with its instants in milliseconds. */
interface Row {
  channel: 'messaging' | 'chat'
  id: string
  consumerId: string | undefined
  /** Given in the form of a live chat; of others only those that are shown are read. */
  consumerName: string | undefined
  skillId: string
  agentId: string | undefined
  isWithBot: boolean
  startedAt: number
  waitingSince: number | undefined
  unansweredSince: number | undefined
  dueAt: number | undefined
  ttrType: OpenConversation['ttrType'] | undefined
  risks: Risk[]
}

/** What is open now. Nothing that is closed is read. */
export async function readBoard(
  deps: BoardDeps,
  accountId: string,
  { risk, skillId, agentId, from, limit }: z.output<typeof getBoard.query>,
): Promise<z.output<typeof getBoard.reply>> {
  const { store, clock, chat, people, settings } = deps
  const now = clock.now()
  const [conversations, chats, { messaging }] = await Promise.all([
    listOpenConversations(store.db, accountId, MAX_CONVERSATIONS + 1),
    chat.served.listOpen(accountId, MAX_CHATS + 1),
    settings.get(accountId),
  ])
  const targetMs = messaging.ttr.NORMAL * 1000
  const isCut = conversations.length > MAX_CONVERSATIONS || chats.length > MAX_CHATS
  const rows = [
    ...conversations.slice(0, MAX_CONVERSATIONS).map((one) => rowOf(one, now)),
    ...chats.slice(0, MAX_CHATS).map((one) => rowOfChat(one, now, targetMs)),
  ]
  const found = rows.filter(
    (row) =>
      (skillId === undefined || row.skillId === skillId) &&
      (agentId === undefined || row.agentId === agentId) &&
      hasRisk(row, risk),
  )
  const page = found.sort(mostUrgentFirst).slice(from, from + limit)
  const names = await people.findNames(
    accountId,
    page.flatMap(({ consumerId }) => consumerId ?? []),
  )
  const count = (wanted: Risk | 'any') => rows.filter((row) => hasRisk(row, wanted)).length
  return {
    at: new Date(now).toISOString(),
    queues: queuesOf(rows, targetMs),
    agents: await agentsOf(deps, accountId, rows),
    open: rows.length,
    waiting: rows.filter((row) => hasRisk(row, 'waiting')).length,
    risks: {
      late: count('late'),
      urgent: count('urgent'),
      idle: count('idle'),
      any: count('any'),
    },
    found: found.length,
    conversations: page.map((row) => shown(row, names)),
    isCut,
  }
}

function rowOf(one: OpenConversation, now: number): Row {
  const { waitingSince, unansweredSince, dueAt, idle, ttrType } = one
  const asks = waitingSince !== null || unansweredSince !== null
  const isIdle =
    hasFired(idle.queue, waitingSince) || hasFired(idle.agent, unansweredSince ?? waitingSince)
  return {
    channel: 'messaging',
    id: one.conversationId,
    consumerId: one.consumerId,
    consumerName: undefined,
    skillId: one.skillId,
    agentId: one.agentId ?? undefined,
    isWithBot: one.servedByBot === true,
    startedAt: one.startedAt,
    waitingSince: waitingSince ?? undefined,
    unansweredSince: unansweredSince ?? undefined,
    dueAt: asks ? dueAt : undefined,
    ttrType,
    risks: risksOf({ late: asks && dueAt <= now, urgent: ttrType === 'URGENT', idle: isIdle }),
  }
}

/** An idle time has passed, and what it waited for has not happened since. */
function hasFired(count: { since: number; fired: number } | undefined, since: number | null) {
  return count !== undefined && since !== null && count.fired > 0 && count.since >= since
}

function rowOfChat(chat: OpenChat, now: number, targetMs: number): Row {
  const { waitingSince, unansweredSince } = chat
  const since = waitingSince ?? unansweredSince
  const dueAt = since === undefined ? undefined : since + targetMs
  return {
    channel: 'chat',
    id: chat.chatId,
    consumerId: undefined,
    consumerName: chat.consumer.name,
    skillId: chat.skillId,
    agentId: chat.agent?.agentId,
    isWithBot: chat.servedByBot === true,
    startedAt: chat.startedAt,
    waitingSince,
    unansweredSince,
    dueAt,
    ttrType: undefined,
    risks: risksOf({
      late: dueAt !== undefined && dueAt <= now,
      urgent: false,
      idle: chat.warnedAt !== undefined,
    }),
  }
}

function risksOf(has: Record<Risk, boolean>): Risk[] {
  return RISKS.filter((risk) => has[risk])
}

function hasRisk(
  { risks, waitingSince }: Row,
  wanted: Risk | 'any' | 'waiting' | undefined,
): boolean {
  if (wanted === undefined) return true
  if (wanted === 'waiting') return waitingSince !== undefined
  return wanted === 'any' ? risks.length > 0 : risks.includes(wanted)
}

/** What is at risk, then what is due first; what nobody waits for comes last. */
function mostUrgentFirst(a: Row, b: Row): number {
  return (
    Number(b.risks.length > 0) - Number(a.risks.length > 0) ||
    (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) ||
    a.startedAt - b.startedAt ||
    (a.id < b.id ? -1 : 1)
  )
}

/** The one whose first conversation waits longest comes first. */
function queuesOf(rows: readonly Row[], targetMs: number): BoardQueue[] {
  return [...Map.groupBy(rows, ({ skillId }) => skillId)]
    .map(([skillId, own]) => {
      const waits = own.flatMap(({ waitingSince }) => waitingSince ?? [])
      const served = own.filter(({ agentId }) => agentId !== undefined)
      const withBots = served.filter(({ isWithBot }) => isWithBot).length
      return {
        skillId,
        waiting: waits.length,
        late: own.filter(({ risks }) => risks.includes('late')).length,
        oldest: waits.reduce((first, at) => Math.min(first, at), Infinity),
        targetMs,
        withPeople: served.length - withBots,
        withBots,
      }
    })
    .toSorted((a, b) => a.oldest - b.oldest || (a.skillId < b.skillId ? -1 : 1))
    .map(({ oldest, ...queue }) => ({
      ...queue,
      ...(Number.isFinite(oldest) && { waitingSince: new Date(oldest).toISOString() }),
    }))
}

/** Who is there comes first. Of those who are not, only who was there once. */
async function agentsOf(
  { accounts, routing }: BoardDeps,
  accountId: string,
  rows: readonly Row[],
): Promise<BoardAgent[]> {
  const [users, stored] = await Promise.all([
    accounts.users.list(accountId),
    routing.listAgentStates(accountId),
  ])
  const states = new Map(stored.map(({ userId, agent }) => [userId, agent]))
  const own = Map.groupBy(rows, ({ agentId }) => agentId)
  return users
    .flatMap((user): BoardAgent[] => {
      const state = states.get(user.userId)
      const served = own.get(user.userId) ?? []
      if ((!state || !user.enabled) && served.length === 0) return []
      return [
        {
          ...presenceOf(user, state),
          ...(state?.since !== undefined && { since: new Date(state.since).toISOString() }),
          chats: served.filter(({ channel }) => channel === 'chat').length,
          late: served.filter(({ risks }) => risks.includes('late')).length,
        },
      ]
    })
    .toSorted(
      (a, b) =>
        Number(a.availability === 'OFFLINE') - Number(b.availability === 'OFFLINE') ||
        b.late - a.late ||
        a.name.localeCompare(b.name),
    )
}

function shown(row: Row, names: ReadonlyMap<string, string>): BoardConversation {
  const { channel, id, consumerId, skillId, agentId, isWithBot, ttrType, risks } = row
  const instant = (at: number) => new Date(at).toISOString()
  return {
    channel,
    id,
    ...(consumerId !== undefined && { consumerId }),
    consumerName: row.consumerName ?? names.get(consumerId ?? '') ?? '',
    skillId,
    isWithBot,
    startedAt: instant(row.startedAt),
    risks,
    ...(agentId !== undefined && { agentId }),
    ...(row.waitingSince !== undefined && { waitingSince: instant(row.waitingSince) }),
    ...(row.unansweredSince !== undefined && { unansweredSince: instant(row.unansweredSince) }),
    ...(row.dueAt !== undefined && { answerDueAt: instant(row.dueAt) }),
    ...(ttrType !== undefined && { ttrType }),
  }
}
