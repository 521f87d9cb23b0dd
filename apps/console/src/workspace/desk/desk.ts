import { SocketClosedError } from '@parley/client/socket'
import { type Link, openLink } from '../../consumer/link.ts'
import { openChatDesk } from '../chats/chat-desk.ts'
import { openFileSender } from '../files/file-sender.ts'
import { openAvailability } from './availability.ts'
import { openErased } from './erased.ts'
import { openHeard } from './heard.ts'
import { forgetOldDrafts, seenOf } from './kept.ts'
import { readLastWords, readRecent } from './last-words.ts'
import { noticeOf } from './notice.ts'
import { openOutbox } from './outbox.ts'
import { entryFrom, offersFrom, talkFrom, withEntries, withRecords } from './read-frames.ts'
import { goneFrom, leftUnless, withoutMarksOf, withoutOldOnes } from './over.ts'
import { openProfiles } from './profiles.ts'
import { openReceipts } from './receipts.ts'
import { actionsBy, conversationActions } from './talk-actions.ts'
import { openTyping } from './typing.ts'
import {
  AUTOMATIC,
  type Availability,
  INITIAL,
  type Offer,
  type State,
  type Talk,
  talkOf,
} from './state.ts'
import type {
  AgentStateChanges,
  ConversationChanges,
  RingChanges,
  WireConversation,
  WireRecord,
} from './wire.ts'

export interface DeskOwner {
  accountId: string
  userId: string
  pid: string
  /** The server does not accept the token on this socket: whether it is valid all the same; `undefined` where nobody can say. */
  isStillSignedIn: () => Promise<boolean | undefined>
}

/** Conversations whose messages are kept by the page. */
const MAX_KEPT = 10
const AGAIN_AFTER_MS = 1_000

export type Desk = ReturnType<typeof openDesk>

/** What an agent works with: conversations, offers and the connection, which comes back by itself. */
export function openDesk({ accountId, userId, pid, isStillSignedIn }: DeskOwner) {
  const agentId = `${accountId}.${userId}`
  let state: State = INITIAL
  let link: Link | undefined
  const listeners = new Set<() => void>()
  /** The subscription whose list is to come. */
  let listing: string | undefined
  const heard = openHeard()

  function change(part: Partial<State>): void {
    const gone = part.talks ? goneFrom(state.talks, part.talks) : []
    state = { ...state, ...part }
    if (gone.length > 0) {
      state = { ...state, ...withoutMarksOf(gone, state) }
      heard.forget(gone)
      receipts.forget(gone)
      files.forget(gone)
      chats.forget(gone)
    }
    for (const listener of listeners) listener()
  }

  function fail(error: unknown): void {
    const notice = noticeOf(error)
    if (notice !== undefined) change({ notice })
  }

  const request: Link['request'] = async (type, body, options) => {
    if (!link) throw new SocketClosedError('There is no connection', 1006)
    return await link.request(type, body, options)
  }

  const base = { state: () => state, change }
  const typing = openTyping(base)
  const erased = openErased({ ...base, accountId, agentId, fail })
  const availability = openAvailability({ ...base, agentId, request })
  const outbox = openOutbox({
    ...base,
    agentId,
    pid,
    fail,
    link: () => link,
    publishInChat: (unsent) => chats.publish(unsent),
    stored: (conversationId, entry) => change(withEntries(state, conversationId, [entry])),
  })
  const files = openFileSender({ ...base, request, fail })
  change({ seen: seenOf(agentId) })
  const receipts = openReceipts({
    ...base,
    agentId,
    report: async (dialogId, event) => void (await request('ms.PublishEvent', { dialogId, event })),
  })

  const chats = openChatDesk({
    ...base,
    accountId,
    userId,
    pid,
    fail,
    load: (chatId) => load(chatId),
    cameBack: (key) => outbox.arrived(key),
    updated: () => receipts.update(),
    mayBeErased: () => erased.check(),
  })
  const actions = conversationActions({ accountId, state: () => state, request })
  async function resume(): Promise<void> {
    heard.interrupt()
    const kept = state.selected === undefined ? undefined : state.entries[state.selected]
    change({
      entries: kept && state.selected ? { [state.selected]: kept } : {},
      // Those that ring still are listed again.
      offers: state.offers.filter(({ chat }) => chat),
    })
    const { currentTime: now } = await request<{ currentTime: number }>('.GetClock', {})
    change({ clockAheadMs: now - Date.now(), listensSince: state.listensSince || now })
    const wanted = { stage: ['OPEN'], agentIds: [agentId] }
    // The list follows the answer.
    const { subscriptionId } = await request<{ subscriptionId: string }>(
      '.ams.aam.SubscribeExConversations',
      wanted,
    )
    listing = subscriptionId
    await request('.ams.routing.SubscribeRoutingTasks', {
      channelType: 'MESSAGING',
      agentId,
      brandId: accountId,
    })
    await request('.ams.routing.SubscribeAgentsState', { brandId: accountId, agentId })
    change({ connection: 'open' })
    await availability.restore()
    await load(state.selected)
    receipts.update()
    await outbox.sendWaiting()
    await files.sendWaiting()
  }

  /** A server that has just taken over may refuse at first: then it is tried again, as long as this is the connection. */
  function begin(isCurrent: () => boolean): void {
    resume().catch((error: unknown) => {
      fail(error)
      if (error instanceof SocketClosedError) return
      setTimeout(() => isCurrent() && begin(isCurrent), AGAIN_AFTER_MS)
    })
  }

  function notified(type: string, body: unknown): void {
    if (type.endsWith('ExConversationChangeNotification')) {
      conversationsChanged(body as ConversationChanges)
    } else if (type.endsWith('RoutingTaskNotification')) {
      change({ offers: offersFrom(state.offers, body as RingChanges) })
    } else if (type.endsWith('OnlineEventDistribution')) received([body as WireRecord])
    else if (type.endsWith('AgentStateNotification')) {
      const own = (body as AgentStateChanges).changes.find(
        ({ result }) => result.agentUserId === agentId,
      )?.result.availability
      if (own) availability.heard(own)
    }
  }

  function conversationsChanged({ subscriptionId, changes }: ConversationChanges): void {
    // The first notification of a subscription lists all: what it lacks has ended or gone while nobody listened.
    if (subscriptionId === listing) {
      listing = undefined
      const present = new Set(changes.map(({ result }) => result.convId))
      change({ talks: leftUnless(state.talks, present) })
      erased.check()
      const chatIds = state.talks.flatMap(({ chat }) => (chat ? [chat.chatId] : []))
      forgetOldDrafts(agentId, new Set([...present, ...chatIds]))
    }
    for (const { type, result } of changes) conversationChanged(type, result)
    change({ talks: withoutOldOnes(state.talks) })
    receipts.update()
  }

  function conversationChanged(type: string, result: WireConversation): void {
    const former = talkOf(state, result.convId)
    // Whatever else has ended still names its dialogs.
    if (type === 'DELETE' && result.conversationDetails.dialogs.length === 0) {
      erased.forget(result.convId)
      return
    }
    const read = talkFrom(agentId, result, former)
    // One that was suggested to this agent rings, too.
    if (!former && (type === 'DELETE' || read.status === 'left')) return
    const talk: Talk =
      type === 'DELETE' && read.status !== 'closed' ? { ...read, status: 'left' } : read
    change({
      talks: former
        ? state.talks.map((one) => (one === former ? talk : one))
        : [...state.talks, talk],
    })
    // Who was not in it for a while was not told of everything.
    if (former && former.status !== talk.status) heard.interrupt(former.dialogs)
    if (state.selected === talk.conversationId) load(talk.conversationId).catch(fail)
    else if (!former && talk.last?.role === AUTOMATIC) {
      readRecent(request, talk.conversationId, talk.last)
        .then((records) => change(withRecords(state, talk.conversationId, records)))
        .catch(fail)
    }
  }

  /** Reads the messages that are missing, and has the server tell of later ones. */
  async function load(conversationId: string | undefined): Promise<void> {
    const talk = talkOf(state, conversationId)
    if (!talk || conversationId === undefined) return
    if (!talk.chat && state.connection !== 'open') return
    const others = Object.entries(state.entries).filter(([id]) => id !== conversationId)
    const isKept = state.entries[conversationId] !== undefined
    if (!isKept) heard.forget(talk.dialogs)
    change({
      entries: {
        ...Object.fromEntries(others.slice(-MAX_KEPT + 1)),
        [conversationId]: state.entries[conversationId] ?? [],
      },
    })
    if (talk.chat) {
      await chats.load(conversationId, isKept)
      receipts.update()
      return
    }
    for (const { dialogId } of talk.dialogs) {
      const newerThanSequence = heard.begin(dialogId)
      if (newerThanSequence === undefined) continue
      try {
        const records = await request<WireRecord[]>('.ams.ms.QueryMessages', {
          dialogId,
          conversationId,
          newerThanSequence,
        })
        change(withRecords(state, conversationId, records))
        heard.end(dialogId, records)
      } catch (error) {
        heard.end(dialogId, undefined)
        // One that went to a skill of others can be seen no longer; what was read stays.
        if (talk.status === 'mine') throw error
      }
    }
    receipts.update()
  }

  function received(records: WireRecord[]): void {
    for (const record of records) {
      const { conversationId, originatorMetadata } = record
      change(withRecords(state, conversationId, [record]))
      heard.hear(record)
      const content = entryFrom(record)?.content
      if (content?.kind === 'text' && originatorMetadata?.id === pid) {
        outbox.cameBack(conversationId, content.text)
      }
      typing.goesOn(conversationId)
    }
    receipts.update()
  }

  async function answerRing({ ringId }: Offer, ringState: 'ACCEPTED' | 'REJECTED'): Promise<void> {
    await request('.ams.routing.UpdateRingState', { ringId, ringState })
  }

  return {
    agentId,
    state: () => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Connects with this token, instead of the one before. */
    connect(bearer: string): void {
      link?.close()
      change({ connection: 'connecting' })
      const address = `${location.origin.replace(/^http/, 'ws')}/ws_api/account/${accountId}/messaging/brand/${bearer}?v=2.1`
      const current = openLink(address, undefined, {
        opened: () => begin(() => link === current),
        lost: () => change({ connection: 'lost', typing: new Set() }),
        async refused() {
          change({ connection: 'lost' })
          const isSignedIn = await isStillSignedIn()
          if (isSignedIn && link === current) change({ connection: 'elsewhere' })
          return isSignedIn === undefined
        },
        notified,
      })
      link = current
      chats.connect()
    },
    stop(): void {
      chats.stop()
      erased.stop()
      link?.close()
      link = undefined
      change({ connection: 'connecting' })
    },
    select(conversationId: string | undefined): void {
      change({ selected: conversationId })
      load(conversationId).catch(fail)
    },
    accept: (offer: Offer) => (offer.chat ? chats.accept(offer) : answerRing(offer, 'ACCEPTED')),
    async decline(offer: Offer): Promise<void> {
      if (offer.chat) chats.decline(offer)
      else await answerRing(offer, 'REJECTED')
    },
    say: outbox.say,
    files,
    retry: outbox.retry,
    discard: outbox.discard,
    setSeen: receipts.setSeen,
    setUrgent: actions.setUrgent,
    ...actionsBy((id) => (talkOf(state, id)?.chat ? chats : actions)),
    /** Who the agent is, as far as it decides what may be offered. */
    setOwn({ skillIds, maxSlots }: { skillIds: readonly string[]; maxSlots: number }): void {
      change({ maxSlots })
      chats.setSkills(skillIds)
    },
    setAvailability: (next: Availability): Promise<void> => availability.set(next),
    /** Takes a conversation that is over off the list. */
    forget(conversationId: string): void {
      change({ talks: state.talks.filter((talk) => talk.conversationId !== conversationId) })
    },
    profile: openProfiles(request),
    lastWords: (conversationId: string) => readLastWords(request, accountId, conversationId),
    fail,
    /** Shows a sentence until it is put away. */
    tell: (notice: string | undefined): void => change({ notice }),
  }
}
