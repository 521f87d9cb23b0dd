import { contentOf, quickRepliesOf } from '../../consumer/content.ts'
import { ASSIGNED, AUTOMATIC, type Entry, type Offer, type State, type Talk } from './state.ts'
import { markedUpTo, type RingChanges, type WireConversation, type WireRecord } from './wire.ts'

/** A conversation as the workspace shows it to the agent with this published id of older members. */
export function talkFrom(agentId: string, result: WireConversation, former?: Talk): Talk {
  const { convId: conversationId, conversationDetails: details, effectiveTTR } = result
  const { participants, context, dialogs } = details
  const last = result.lastContentEventNotification && entryFrom(result.lastContentEventNotification)
  const role = roleIn(agentId, details) ?? former?.role ?? ASSIGNED
  return {
    conversationId,
    consumerId: participants['CONSUMER']?.[0] ?? former?.consumerId ?? '',
    skillId: details.skillId,
    startedAt: details.startTs,
    status: statusOf(agentId, details),
    role,
    others: othersIn(agentId, details),
    isUrgent: details.ttr?.ttrType === 'URGENT',
    dueAt: effectiveTTR > 0 ? effectiveTTR : undefined,
    dialogs: dialogs.map(({ dialogId, dialogType, state }) => ({
      dialogId,
      type: dialogType,
      isOpen: state === 'OPEN',
    })),
    // What is said automatically answers nobody.
    last: (last?.role === AUTOMATIC ? former?.last : undefined) ?? last ?? former?.last,
    unread: role === ASSIGNED ? (result.numberOfunreadMessages[agentId] ?? 0) : undefined,
    visitorId: context?.visitorId ?? former?.visitorId,
    language: context?.lang ?? former?.language,
    device: context?.clientProperties ?? former?.device ?? {},
  }
}

function statusOf(agentId: string, { state, dialogs }: Details): Talk['status'] {
  if (state !== 'OPEN') return 'closed'
  const isThere = dialogs
    .flatMap(({ participantsDetails }) => participantsDetails)
    .some((one) => one.id === agentId && one.state === 'ACTIVE')
  return isThere ? 'mine' : 'left'
}

type Details = WireConversation['conversationDetails']

function mainParticipants({ dialogs }: Details) {
  const main = dialogs.find(({ dialogType }) => dialogType === 'MAIN')
  return (main?.participantsDetails ?? []).filter(({ state }) => state === 'ACTIVE')
}

function roleIn(agentId: string, details: Details): string | undefined {
  return mainParticipants(details).find(({ id }) => id === agentId)?.role
}

/** People and bots of the account, by their user ids. */
function othersIn(agentId: string, details: Details): Talk['others'] {
  const ofAccount = agentId.slice(0, agentId.indexOf('.') + 1)
  return mainParticipants(details).flatMap(({ id, role }) =>
    id !== agentId && role !== 'CONSUMER' && role !== 'CONTROLLER' && id.startsWith(ofAccount)
      ? [{ userId: id.slice(ofAccount.length), role }]
      : [],
  )
}

export function offersFrom(offers: readonly Offer[], { changes }: RingChanges): readonly Offer[] {
  let now = offers
  for (const { type, result } of changes) {
    const { conversationId, consumerId, skillId } = result
    for (const { ringId, ringExpirationTs: expiresAt } of result.ringsDetails) {
      now = now.filter((offer) => offer.ringId !== ringId)
      if (type === 'UPSERT') {
        now = [...now, { ringId, conversationId, consumerId, skillId, expiresAt }]
      }
    }
  }
  return now
}

/** What a record shows as a message; `undefined` for what is none. */
export function entryFrom(record: WireRecord): Entry | undefined {
  const { dialogId, sequence, serverTimestamp: at = 0, event, messageAudience } = record
  // The server has checked it against the schema of structured content.
  const shown = event as Parameters<typeof contentOf>[0]
  const content = contentOf(shown)
  if (!content || sequence === undefined) return undefined
  const { id: pid, role = 'CONSUMER' } = record.originatorMetadata ?? {}
  const isPrivate = messageAudience === 'AGENTS_AND_MANAGERS'
  const quickReplies = quickRepliesOf(shown)
  return { dialogId, sequence, role, pid, at, content, quickReplies, isPrivate }
}

/** What records of one conversation change: its messages where they are kept, what was delivered and read, who is typing. */
export function withRecords(
  state: State,
  conversationId: string,
  records: readonly WireRecord[],
): Partial<State> {
  let { delivered, read, seen } = state
  const typing = new Set(state.typing)
  const stored: Entry[] = []
  for (const record of records) {
    const { event, dialogId, originatorMetadata: { role = 'CONSUMER' } = {} } = record
    const entry = entryFrom(record)
    const isConsumer = role === 'CONSUMER'
    if (entry) stored.push(entry)
    if (isConsumer) typing.delete(conversationId)
    if (event.type === 'ChatStateEvent' && isConsumer && event.chatState === 'COMPOSING') {
      typing.add(conversationId)
    }
    if (event.type !== 'AcceptStatusEvent') continue
    const { status, sequenceList = [] } = event
    if (status === 'READ' && isConsumer) read = markedUpTo(read, dialogId, sequenceList)
    else if (status === 'ACCEPT' && isConsumer) {
      delivered = markedUpTo(delivered, dialogId, sequenceList)
    } else if (status === 'READ') seen = markedUpTo(seen, dialogId, sequenceList)
  }
  return { delivered, read, seen, typing, ...withEntries(state, conversationId, stored) }
}

/** What messages of one conversation change: the kept ones, and the last one in the list. */
export function withEntries(
  state: State,
  conversationId: string,
  stored: readonly Entry[],
): Partial<State> {
  const kept = state.entries[conversationId]
  return {
    ...(kept &&
      stored.length > 0 && {
        entries: { ...state.entries, [conversationId]: withStored(kept, stored) },
      }),
    talks: withLast(state.talks, conversationId, stored),
  }
}

/** In the order of their dialogs, each once. */
function withStored(kept: readonly Entry[], stored: readonly Entry[]): readonly Entry[] {
  const places = new Set(kept.map(placeOf))
  const added = stored.filter((entry) => !places.has(placeOf(entry)))
  if (added.length === 0) return kept
  return [...kept, ...added].toSorted((a, b) =>
    a.dialogId === b.dialogId ? a.sequence - b.sequence : a.at - b.at,
  )
}

function withLast(talks: readonly Talk[], conversationId: string, stored: readonly Entry[]) {
  const newest = stored.findLast(
    ({ isPrivate, content, role }) => !isPrivate && content.kind !== 'event' && role !== AUTOMATIC,
  )
  if (!newest) return talks
  return talks.map((talk) =>
    talk.conversationId === conversationId && isLater(newest, talk.last)
      ? { ...talk, last: newest, unread: unreadWith(talk, newest) }
      : talk,
  )
}

/** What people say counts more than what is said automatically after it. */
function isLater(newest: Entry, last: Entry | undefined): boolean {
  return !last || last.role === AUTOMATIC || newest.at >= last.at
}

/** The server says how many, a moment later. */
function unreadWith({ last, unread }: Talk, newest: Entry): number | undefined {
  const isNew = newest.role === 'CONSUMER' && newest.sequence !== last?.sequence
  return isNew && unread === 0 ? 1 : unread
}

function placeOf({ dialogId, sequence }: Entry): string {
  return `${dialogId} ${sequence}`
}
