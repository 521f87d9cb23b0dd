import { tellChange } from '#base/changes'
import { ParleyError } from '#base/kernel'
import { changeDocument } from '#base/kit'
import { type ChatEntry, NO_SKILL } from '@parley/contract'
import { type ChatBefore, chatBefore, chatFigures } from '#messaging/figures'
import { isSkillDeleted } from '#messaging/routing'
import type { CommitOperation, MessageInsert, OutboxEnd, OutboxInsert } from '#base/store'
import type { ChatDeps } from './deps.ts'
import { findChat, findEntryByKey } from './repository.ts'
import { adjustSilenceTimer, CHAT_SILENCE } from './silence-timer.ts'
import { CHAT, ChatState, type NewEntry } from './state.ts'

/** What a decision may change. */
export interface ChatDraft {
  readonly at: number
  readonly state: ChatState
  readonly entries: ChatEntry[]
  readonly outbox: OutboxInsert[]
  /** Who has answered the consumer by one of the entries. */
  answeredById?: string | undefined
  /** It is not offered to one agent alone any more. */
  isOfferOver?: boolean
  add(entry: NewEntry): ChatEntry
}

export interface ChangeOptions {
  /** The sender's key of the entry: an entry with the same key is not added again. */
  requestKey?: string | undefined
  completesTimer?: CommitOperation['completesTimer']
  completesRow?: OutboxEnd
  invocations?: CommitOperation['invocations']
  /** What another module adds to the same commit; asked after every decision. */
  extra?: () => Partial<Pick<CommitOperation, 'documents' | 'outbox' | 'arm'>>
}

export function draftOf(state: ChatState, at: number): ChatDraft {
  const entries: ChatEntry[] = []
  return {
    at,
    state,
    entries,
    outbox: [],
    add(entry) {
      const added = { ...entry, sequence: state.nextSequence++, at: new Date(at).toISOString() }
      entries.push(added)
      return added
    },
  }
}

/**
 * Changes one chat by its newest state. `decide` may run several times and must change nothing but the draft. Answers the
 * state after the change.
 */
export async function changeChat(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  decide: (draft: ChatDraft) => void | Promise<void>,
  options: ChangeOptions = {},
): Promise<{ state: ChatState; entry?: ChatEntry | undefined }> {
  const stored = () => findStored(deps, accountId, options)
  const chat = {
    kind: CHAT,
    id: chatId,
    schema: ChatState,
    empty: () => {
      throw new ParleyError('chat_not_found', `No chat "${chatId}"`)
    },
    name: `Chat "${chatId}"`,
    busy: { code: 'chat_busy' as const, retryAfterMs: 1000 },
  }
  let earlier: ChatEntry | undefined
  const { status, state, answer } = await changeDocument(deps, accountId, chat, async (before) => {
    const was = chatBefore(before)
    const draft = draftOf(before, deps.clock.now())
    try {
      await decide(draft)
    } catch (cause) {
      // An entry that was stored before stays acknowledged, whatever has happened to the chat since.
      earlier = await stored()
      if (earlier) return undefined
      throw cause
    }
    return { ...(await chatWrites(deps, accountId, was, draft, options)), answer: draft }
  })
  if (status === 'unchanged') return { state, entry: earlier }
  if (status === 'duplicate') return { state, entry: await stored() }
  if (status === 'applied') tell(deps, accountId, chatId)
  return { state, entry: status === 'applied' ? answer?.entries[0] : undefined }
}

async function findStored({ store }: ChatDeps, accountId: string, { requestKey }: ChangeOptions) {
  return requestKey === undefined ? undefined : findEntryByKey(store.db, accountId, requestKey)
}

/** Stores a chat that begins, unless there is one with its id. Resolves with what is stored. */
export async function commitNewChat(
  deps: ChatDeps,
  accountId: string,
  draft: ChatDraft,
): Promise<ChatState> {
  const { state, ...also } = await chatWrites(deps, accountId, undefined, draft, {})
  const documents = [{ kind: CHAT, id: state.chatId, readVersion: 0, state }]
  const { status } = await deps.delivery.commit({ accountId, ...also, documents })
  if (status !== 'applied') {
    return (await findChat(deps.store.db, accountId, state.chatId))?.state ?? state
  }
  tell(deps, accountId, state.chatId)
  return state
}

function tell({ feed, store }: ChatDeps, accountId: string, chatId: string): void {
  feed.changed(accountId, chatId)
  tellChange(store, accountId, { topic: 'chats' })
}

async function chatWrites(
  deps: ChatDeps,
  accountId: string,
  before: ChatBefore | undefined,
  { at, state, entries, outbox, answeredById, isOfferOver = false }: ChatDraft,
  { requestKey, completesTimer, completesRow, invocations, extra }: ChangeOptions,
) {
  // A bot has a timer of its own for silent consumers.
  if (completesTimer?.kind === CHAT_SILENCE) delete state.silenceTimerAt
  const isSkillGone = state.stage === 'waiting' && (await isSkillDeleted(deps, accountId, state))
  if (isSkillGone) state.skillId = NO_SKILL
  const timers = adjustSilenceTimer(state, (await deps.settings.get(accountId)).chat)
  const messages = entries.map(({ sequence, ...body }, index): MessageInsert => ({
    conversationId: state.chatId,
    dialogId: state.chatId,
    sequence,
    at,
    body,
    ...(index === 0 && requestKey !== undefined && { requestKey }),
  }))
  const also = extra?.() ?? {}
  const figures = chatFigures(before, state, { entries, at, answeredById })
  return {
    state,
    messages,
    outbox: [
      ...outbox,
      ...deps.observer.changed(state, entries, isSkillGone || isOfferOver),
      ...(also.outbox ?? []),
    ],
    arm: [...(timers.arm ?? []), ...(also.arm ?? [])],
    disarm: timers.disarm ?? [],
    ...(also.documents && { documents: also.documents }),
    ...(figures.length > 0 && { figures }),
    ...(invocations && { invocations }),
    ...(completesTimer && { completesTimer }),
    ...(completesRow && { completesRow }),
  }
}
