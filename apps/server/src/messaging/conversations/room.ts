import type { ConsumerProfile, ConversationState, StoredMessage } from '@parley/contract'
import type { Actor, AgentState, Availability } from '#messaging/rules'
import { type Act, actInConversation, type AppliedAction } from './act.ts'
import {
  agentArrived,
  agentGoneTimer,
  agentLeft,
  findAgent,
  hearAgents,
  routeWhenUsersChange,
  setAvailability,
} from './agents.ts'
import type { ChangeObserver } from './changes.ts'
import { publishChatState } from './chat-state.ts'
import type { ConversationPorts, Deps, OuterDeps } from './deps.ts'
import { openDocuments, type Versioned } from './documents.ts'
import { eraseConsumer, eraseConversations, forgetErased, listEndedBefore } from './erase.ts'
import { type FeedListener, openFeed } from './feed.ts'
import { openKeyedQueue } from '#base/kit'
import { watchNodes } from './nodes.ts'
import { openForConsumer, type OpenRequest } from './open-for-consumer.ts'
import { findProfile, updateProfile } from './profiles.ts'
import { publish, type PublishRequest } from './publish.ts'
import {
  getConversation,
  getConversationOfDialog,
  type ListFilter,
  readConversations,
  readAllMessages,
  type Reader,
  readMessages,
} from './reading.ts'
import { answerRing, expireRingsOf } from './rings.ts'
import { routingConsumer } from './routing.ts'
import { searchConversations, type SearchFilter, waitingSince } from './search.ts'
import { stepUpConsumer } from './step-up-consumer.ts'
import { actAsSurveyBot, type SurveyAct, type SurveyPlace } from './survey-act.ts'
import { conversationTimer } from './timer-work.ts'
import { type FieldChange, updateFields } from './update-fields.ts'
import type { WriteOptions } from './write.ts'
import {
  addVisitorAttributes,
  findVisitorAttributes,
  type VisitorAttribute,
  visitorOf,
} from './visitors.ts'

export interface Conversations extends AsyncDisposable {
  /** Before `delivery.start()`: what the observer wants is written from then on. */
  observe(observer: ChangeObserver): void
  /** Gives what only outer rooms know. */
  provide(ports: Partial<ConversationPorts>): void

  open(accountId: string, request: OpenRequest): Promise<ConversationState>
  publish(accountId: string, actor: Actor, request: PublishRequest): Promise<{ sequence: number }>
  publishChatState(
    accountId: string,
    actor: Actor,
    request: { conversationId: string; dialogId: string; chatState: string },
  ): Promise<void>
  update(
    accountId: string,
    actor: Reader,
    conversationId: string,
    fields: readonly FieldChange[],
  ): Promise<ConversationState>
  stepUp(accountId: string, from: string, to: string): Promise<ConversationState | undefined>
  act(accountId: string, conversationId: string, act: Act): Promise<{ applied: AppliedAction[] }>
  actAsSurveyBot(
    accountId: string,
    place: SurveyPlace,
    decide: (state: ConversationState, at: number) => Promise<SurveyAct>,
    options: Pick<WriteOptions, 'completesRow' | 'completesTimer'>,
  ): Promise<void>

  get(accountId: string, reader: Reader, conversationId: string): Promise<ConversationState>
  getByDialog(
    accountId: string,
    reader: Reader,
    dialogId: string,
    conversationId?: string,
  ): Promise<ConversationState>
  /** What this node remembers, without reading. */
  peek(accountId: string, conversationId: string): ConversationState | undefined
  list(
    accountId: string,
    reader: Reader,
    filter: ListFilter,
  ): Promise<Versioned<ConversationState>[]>
  messages(
    accountId: string,
    reader: Reader,
    range: { conversationId: string; dialogId: string; from: number; limit?: number },
  ): Promise<StoredMessage[]>

  /** All messages of all dialogs, private ones too: for history and transcripts. */
  allMessages(accountId: string, state: ConversationState): Promise<StoredMessage[]>
  search(
    accountId: string,
    filter: SearchFilter,
  ): Promise<{ total: number; found: ConversationState[] }>
  /** How long conversations of a skill have waited, in milliseconds. */
  waitsOf(accountId: string, skillId: string, now: number): Promise<number[]>

  answerRing(
    accountId: string,
    userId: string,
    ring: { ringId: string; answer: 'ACCEPTED' | 'REJECTED' },
  ): Promise<void>
  agent(accountId: string, userId: string): Promise<AgentState>
  setAvailability(accountId: string, userId: string, availability: Availability): Promise<void>
  agentArrived(accountId: string, userId: string): Promise<void>
  agentLeft(accountId: string, userId: string): Promise<void>

  findProfile(accountId: string, consumerId: string): Promise<ConsumerProfile>
  updateProfile(accountId: string, consumerId: string, change: ConsumerProfile): Promise<void>

  addVisitorAttributes(
    accountId: string,
    visitorId: string,
    added: { sessionId?: string | undefined; sdes: VisitorAttribute['sde'][] },
  ): Promise<void>
  /** Of a visitor, oldest first. */
  visitorAttributes(accountId: string, visitorId: string | undefined): Promise<VisitorAttribute[]>
  /** The visit that a consumer's newest conversation came from. */
  visitorOf(accountId: string, consumerId: string): Promise<string | undefined>

  erase(accountId: string, conversationIds: readonly string[]): Promise<void>
  eraseConsumer(accountId: string, consumerIds: readonly string[]): Promise<void>
  listEndedBefore(accountId: string, before: number, limit: number): Promise<string[]>

  hear(listener: FeedListener): Disposable
  hearAgents(hear: (accountId: string, userId: string) => void): Disposable
  /** While held, this node reads the account's news from other nodes. */
  watch(accountId: string): Disposable
}

/** Registers its outbox consumer and timers with `delivery`; open it before `delivery.start()`. */
export function openConversations(outer: OuterDeps): Conversations {
  const { store, delivery, nodeId, logger } = outer
  const documents = openDocuments(store.db)
  const feed = openFeed({ store, documents, nodeId, logger })
  const ports: ConversationPorts = { idle: async () => ({}), survey: async () => undefined }
  const observers: ChangeObserver[] = []
  const agentListeners = new Set<(accountId: string, userId: string) => void>()
  const deps: Deps = { ...outer, documents, feed, ports, observers, queue: openKeyedQueue() }

  delivery.consume(routingConsumer(deps))
  delivery.onTimer(conversationTimer(deps))
  delivery.onTimer(
    agentGoneTimer(deps, (accountId, userId) => expireRingsOf(deps, accountId, userId)),
  )
  routeWhenUsersChange(deps)
  using opened = new DisposableStack()
  opened.use(feed)
  opened.use(
    store.onResync(() => {
      documents.forgetAll()
      feed.resync()
    }),
  )
  opened.use(
    hearAgents(deps, (accountId, userId) => {
      for (const hear of agentListeners) hear(accountId, userId)
    }),
  )
  opened.use(forgetErased(store, documents))
  const nodes = watchNodes(deps)
  const resources = opened.move()

  return {
    observe: (observer) => void observers.push(observer),
    provide: (given) => void Object.assign(ports, given),
    open: (...args) => openForConsumer(deps, ...args),
    publish: (...args) => publish(deps, ...args),
    publishChatState: (...args) => publishChatState(deps, ...args),
    update: (...args) => updateFields(deps, ...args),
    stepUp: (...args) => stepUpConsumer(deps, ...args),
    act: (...args) => actInConversation(deps, ...args),
    actAsSurveyBot: (...args) => actAsSurveyBot(deps, ...args),
    get: (...args) => getConversation(deps, ...args),
    getByDialog: (...args) => getConversationOfDialog(deps, ...args),
    peek: (...args) => documents.peek(...args)?.state,
    list: (...args) => readConversations(deps, ...args),
    messages: (...args) => readMessages(deps, ...args),
    allMessages: (...args) => readAllMessages(deps, ...args),
    search: (...args) => searchConversations(store.db, ...args),
    async waitsOf(accountId, skillId, now) {
      return (await waitingSince(store.db, accountId, skillId)).map((since) => now - since)
    },
    answerRing: (...args) => answerRing(deps, ...args),
    agent: (...args) => findAgent(deps, ...args),
    setAvailability: (...args) => setAvailability(deps, ...args),
    agentArrived: (...args) => agentArrived(deps, ...args),
    agentLeft: (...args) => agentLeft(deps, ...args),
    findProfile: (...args) => findProfile(deps, ...args),
    updateProfile: (...args) => updateProfile(deps, ...args),
    addVisitorAttributes: (...args) => addVisitorAttributes(deps, ...args),
    visitorAttributes: (...args) => findVisitorAttributes(deps, ...args),
    visitorOf: (...args) => visitorOf(deps, ...args),
    erase: (...args) => eraseConversations(deps, ...args),
    eraseConsumer: (...args) => eraseConsumer(deps, ...args),
    listEndedBefore: (...args) => listEndedBefore(deps, ...args),
    hear: (listener) => feed.hear(listener),
    hearAgents(hear) {
      agentListeners.add(hear)
      return { [Symbol.dispose]: () => void agentListeners.delete(hear) }
    },
    watch: (accountId) => feed.watch(accountId),
    async [Symbol.asyncDispose]() {
      resources.dispose()
      await nodes[Symbol.asyncDispose]()
    },
  }
}
