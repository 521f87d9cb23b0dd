import { type ConversationState, NO_SKILL, type StoredMessage } from '@parley/contract'
import { type RawBuilder, sql } from 'kysely'
import { type Actor, hasSkill, isAgentOf, isConsumerOf } from '#messaging/rules'
import { ParleyError } from '#base/kernel'

/** Who reads conversations: a consumer its own, an agent those of its skills, supervisors and auditors all. */
export interface Reader extends Actor {
  /** Absent: not even those of conversations without a skill. */
  skillIds?: readonly string[] | undefined
  /** Has `conversation:read-all`, or is a program, which has no skills. */
  readsAll?: boolean
}

/** What the rule asks of a conversation, or of a live chat. */
export interface Sought {
  skillId: string
  /** Whether the agent is in it, or is asked to take it. */
  isWith(userId: string): boolean
}

/** The same in SQL. */
export interface SoughtRow {
  skillId: RawBuilder<string>
  isWith(userId: string): RawBuilder<boolean>
}

/**
 * What a reader who is no consumer may see: this is the rule for sockets, histories, searches, chats, mails, surveys, profiles,
 * files, streams and exports.
 */
export function isInSight(reader: Reader, { skillId, isWith }: Sought): boolean {
  if (reader.kind === 'consumer') return false
  if (reader.kind === 'system' || reader.readsAll) return true
  const { skillIds, userId } = reader
  return (skillIds && hasSkill({ skillIds }, skillId)) || isWith(userId)
}

/** `isInSight` in SQL. Lists filter by it, so that their pages are full and their counts right. */
export function whereInSight(reader: Reader, { skillId, isWith }: SoughtRow): RawBuilder<boolean> {
  if (reader.kind === 'consumer') return sql<boolean>`false`
  if (reader.kind === 'system' || reader.readsAll) return sql<boolean>`true`
  const { userId, skillIds } = reader
  const skills = skillIds ? [...skillIds, NO_SKILL] : []
  return sql<boolean>`(${skillId} = any(${skills}) or ${isWith(userId)})`
}

export function maySee(reader: Reader, state: ConversationState): boolean {
  if (reader.kind === 'consumer') return isConsumerOf(state, reader.userId)
  const isWith = (userId: string) => isAgentOf(state, userId)
  return isInSight(reader, { skillId: state.skillId, isWith })
}

/** `maySee` in SQL, of a row of `conversation`. Consumers have lists of their own. */
export function whereMaySee(reader: Reader): RawBuilder<boolean> {
  return whereInSight(reader, { skillId: sql`conversation.skill_id`, isWith: isParticipant })
}

/** Whether the reader has seen the conversation, by the steps that are kept of its way: it may have left the reader's sight. */
export function hasSeen(reader: Reader, { moves }: ConversationState): boolean {
  const isWith = () => false
  return moves.some(
    ({ from, userId }) =>
      userId === reader.userId ||
      (from !== undefined && isInSight(reader, { skillId: from, isWith })),
  )
}

/** `hasSeen` in SQL, by the steps since an instant in domain time. */
export function whereHasSeen(reader: Reader, since: number): RawBuilder<boolean> {
  const inSight = whereInSight(reader, {
    skillId: sql`(move->>'from')`,
    isWith: (userId) => sql<boolean>`move->>'userId' = ${userId}`,
  })
  return sql<boolean>`exists (
    select from jsonb_array_elements(conversation.state->'moves') move
    where (move->>'at')::float8 >= ${since}::float8 and ${inSight})`
}

/** Of a row that belongs to a conversation of the same account: whether the reader may see that. */
export function whereOfSeenConversation(
  reader: Reader,
  row: { accountId: RawBuilder<string>; conversationId: RawBuilder<string> },
): RawBuilder<boolean> {
  if (reader.readsAll) return sql<boolean>`true`
  return sql<boolean>`exists (
    select from conversation where conversation.account_id = ${row.accountId}
      and conversation.conversation_id = ${row.conversationId} and ${whereMaySee(reader)})`
}

/** `isAgentOf` in SQL. */
function isParticipant(userId: string): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from jsonb_array_elements(conversation.state->'dialogs') dialog,
      jsonb_array_elements(dialog->'participants') one
    where one->>'userId' = ${userId})`
}

export function maySeeMessage(reader: Reader, { audience }: StoredMessage): boolean {
  return audience === 'ALL' || reader.kind !== 'consumer'
}

/** @throws ParleyError `conversation_not_found` for a conversation that the reader must not see */
export function requireSight(reader: Reader, state: ConversationState): void {
  if (maySee(reader, state)) return
  throw new ParleyError('conversation_not_found', `No conversation "${state.conversationId}"`)
}
