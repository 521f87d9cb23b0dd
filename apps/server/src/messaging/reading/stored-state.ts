import type { ConversationState, LastContent, StoredMessage } from '@parley/contract'
import { type RawBuilder, sql } from 'kysely'

/**
 * A conversation's state in the database. What was said last is a message of the same commit: the state only says which, as every change writes all
 * of it, and a text may be most of it.
 */
interface StoredState extends ConversationState {
  lastContentPlace?: Pick<LastContent, 'dialogId' | 'sequence' | 'at'>
}

/** A list of conversations has room for what was said last where that is a text, not for the largest cards. */
const MAX_LISTED_BYTES = 50_000

function columns(alsoOfBody: RawBuilder<unknown>) {
  return [
    'conversation.state',
    sql<object | null>`(select said.body from message said
      where said.account_id = conversation.account_id and said.conversation_id = conversation.conversation_id
        and said.dialog_id = conversation.state->'lastContentPlace'->>'dialogId'
        and said.sequence = (conversation.state->'lastContentPlace'->>'sequence')::bigint ${alsoOfBody})`.as(
      'lastMessage',
    ),
  ] as const
}

/** What a query of `conversation` selects for `stateOf`. */
export const STATE_COLUMNS = columns(sql``)

/** The same for a list, whose states are shown and not changed: without what was said last where that is very long. */
export const LISTED_COLUMNS = columns(
  sql`and octet_length(said.body::text) <= ${sql.lit(MAX_LISTED_BYTES)}`,
)

export function storedState(state: ConversationState): StoredState {
  if (!state.lastContent) return state
  const { dialogId, sequence, at } = state.lastContent
  return { ...state, lastContent: undefined, lastContentPlace: { dialogId, sequence, at } }
}

/**
 * A conversation's state is the one stored document that is not parsed: only commits of nodes of this database write it.
 * Parsing it takes 15 µs, as long as reading its JSON, and a list of conversations holds up to 1000 of them.
 */
export function stateOf(row: { state: object; lastMessage: object | null }): ConversationState {
  const { lastContentPlace: place, ...state } = row.state as StoredState
  // An earlier version, perhaps one that still runs beside this one, keeps the newest content in the state.
  if (!place || !row.lastMessage || state.lastContent) return state
  const { originator, event, clientProperties } = row.lastMessage as StoredMessage
  state.lastContent = { ...place, originator, event, ...(clientProperties && { clientProperties }) }
  return state
}
