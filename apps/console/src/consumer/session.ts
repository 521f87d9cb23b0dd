import { SocketClosedError, SocketRequestError } from '@parley/client/socket'
import { type QuickReply, textEvent } from './content.ts'
import {
  isUnspoken,
  newConversation,
  startedAgain,
  unsentOf,
  viewOf,
  withConversation,
} from './conversations.ts'
import { openFileSender } from './file-sender.ts'
import { downloadAddress } from './files.ts'
import { openHistory } from './history.ts'
import {
  consumerIdOf,
  currentToken,
  forgetToken,
  isOfKnownConsumer,
  keepToken,
  refusalOf,
  tokenForSignIn,
} from './identity.ts'
import { introduce, type Link, openLink } from './link.ts'
import { authorsOf, openPeople } from './people.ts'
import { openReceipts } from './receipts.ts'
import { receive } from './receive.ts'
import { ignoreRefusal, noticeOf } from './notice.ts'
import { isPassing, openSender } from './sender.ts'
import {
  type ConversationView,
  type Entry,
  INITIAL,
  type State,
  type StoredEntry,
  writableDialog,
} from './state.ts'
import { transcriptOf } from './transcript.ts'
import { type Embedding, originOf, requestFrom } from './origin.ts'
import { FEATURES, type WireConversation, type WireRecord } from './wire.ts'

export interface Wanted extends Embedding {
  skillId?: string | undefined
  maxFileBytes: number
}

/** What the page can do; every change calls the listeners of `subscribe`. */
export interface Session {
  state(): State
  subscribe(listener: () => void): () => void
  /** Messages that arrive while the page is open, not those that it reads of before. */
  onMessage(listener: (entry: StoredEntry) => void): void
  say(text: string): void
  /** Clicks a button of a message or one of its quick replies. */
  answer(entry: Entry, reply: Pick<QuickReply, 'click'>): void
  sendFiles(files: readonly File[]): void
  fileAddress(relativePath: string): Promise<string>
  /** Tries again to send what the server has not taken. */
  retry(entry: Entry): void
  discard(entry: Entry): void
  setUrgent(isUrgent: boolean): Promise<void>
  end(): Promise<void>
  startAgain(): void
  typing(isTyping: boolean): void
  /** Whether the newest message is seen now. */
  setSeen(isSeen: boolean): void
  loadEarlier(): Promise<void>
  /** Everything of the conversations that are shown, as text. */
  transcript(): Promise<string>
  /** Begins as a new consumer, after the token of this one has ended. */
  reopen(): Promise<void>
  /** Shows a sentence until it is put away. */
  tell(notice: string): void
  dismissNotice(): void
  /** Takes the token of the company's own sign-in; a running conversation goes on under the known identity. */
  signIn(externalJwt: string): Promise<void>
}

/** Who has not gone on typing for so long has stopped. */
const TYPING_ENDS_AFTER_MS = 10_000
const AGAIN_AFTER_MS = 1_000

export async function openSession(wanted: Wanted): Promise<Session> {
  let token = await currentToken(wanted)
  let state: State = { ...INITIAL, isSignedIn: isOfKnownConsumer(token) }
  /** Of the anonymous consumer who has just signed in. */
  let formerToken: string | undefined
  /** Settles when the server has taken the token of a sign-in, or has refused it. */
  let entering: PromiseWithResolvers<void> | undefined
  /** Which conversations there are is told after each connection. */
  let isListed = false
  let typingEnds: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  const origin = originOf(wanted, FEATURES)
  const listeners = new Set<() => void>()
  const messageListeners = new Set<(entry: StoredEntry) => void>()
  /** Dialogs whose stored messages have arrived, or that had none: what comes now is new. */
  const begun = new Set<string>()
  const base = { link: () => link, state: () => state, change }
  const consumerId = () => consumerIdOf(token)
  const sender = openSender({ ...base, fail, ensureConversation, wanted, consumerId })
  const files = openFileSender({ ...base, sender, wanted })
  const history = openHistory({ ...base, received: take })
  const receipts = openReceipts({ ...base, report: publish })
  const people = openPeople(wanted, (pid, person) =>
    change({ people: { ...state.people, [pid]: person } }),
  )
  let link = connect()

  function change(part: Partial<State>): void {
    state = { ...state, ...part }
    for (const listener of listeners) listener()
  }

  function fail(error: unknown): void {
    // A lost connection shows in the banner, and what waits is sent again.
    if (!(error instanceof SocketClosedError)) tell(error)
  }

  function tell(error: unknown): void {
    change({ notice: noticeOf(error) })
  }

  function connect(): Link {
    const address = `${wanted.origin.replace(/^http/, 'ws')}/ws_api/account/${wanted.accountId}/messaging/consumer?v=3`
    const headers = [
      { type: '.ams.headers.ConsumerAuthentication', jwt: token },
      { ...origin.context.clientProperties, type: '.ams.headers.ClientProperties' },
    ]
    return openLink(address, introduce(headers), {
      opened() {
        history.forgetFollowed()
        isListed = false
        begin()
      },
      lost: () => change({ connection: 'lost', typing: undefined }),
      refused() {
        if (entering) entering.reject(refusalOf(401))
        else {
          forgetToken(wanted, token)
          change({ connection: 'refused' })
        }
        return Promise.resolve(false)
      },
      notified(type, body: { changes: never[] }) {
        if (type.endsWith('ExConversationChangeNotification')) conversationsChanged(body.changes)
        else if (type.endsWith('MessagingEventNotification')) received(body.changes)
      },
    })
  }

  /** A server that has just taken over may refuse at first: then it is tried again, as long as it is connected. */
  function begin(): void {
    clearTimeout(again)
    resume().catch((error: unknown) => {
      if (isPassing(error)) again = setTimeout(begin, AGAIN_AFTER_MS)
      else if (entering && !(error instanceof SocketClosedError)) entering.reject(error)
      else fail(error)
    })
  }

  async function resume(): Promise<void> {
    await stepUp()
    await link.request('cqm.SubscribeExConversations', { stage: ['OPEN', 'CLOSE'] })
    const { conversation } = state
    if (conversation) await followAll(conversation)
    change({ connection: 'open' })
    entering?.resolve()
    receipts.update()
  }

  /** The running conversation may be followed under the known identity only from then on. */
  async function stepUp(): Promise<void> {
    if (formerToken === undefined) return
    try {
      await link.request('StepUp', { jwt: formerToken })
    } catch (error) {
      if (!(error instanceof SocketRequestError) || isPassing(error)) throw error
      // It stays with the anonymous consumer, and the notice says why.
      change({ conversation: undefined, shown: [], earlier: [], entries: unsentOf(state) })
      fail(error)
    }
    formerToken = undefined
  }

  function conversationsChanged(changes: { result: WireConversation }[]): void {
    for (const { result } of changes) {
      const view = viewOf(result)
      change(withConversation(state, view))
      if (state.conversation?.conversationId !== view.conversationId) continue
      if (view.agentPid !== undefined) people.meet(view.agentPid)
      followAll(view).catch(fail)
    }
    isListed = true
    // What was written while no dialog took it, or without a connection.
    sender.sendWaiting().catch(fail)
  }

  async function followAll(conversation: ConversationView): Promise<void> {
    try {
      for (const { dialogId } of conversation.dialogs) await follow(conversation, dialogId)
    } catch (error) {
      if (!isPassing(error)) throw error
      setTimeout(() => {
        if (state.conversation) followAll(state.conversation).catch(fail)
      }, AGAIN_AFTER_MS)
    }
  }

  async function follow(conversation: ConversationView, dialogId: string): Promise<void> {
    if (isUnspoken(conversation, dialogId)) begun.add(dialogId)
    await history.follow(conversation, dialogId)
  }

  function received(records: WireRecord[]): void {
    for (const entry of take(records)) {
      if (begun.has(entry.dialogId)) for (const listener of messageListeners) listener(entry)
    }
    for (const { dialogId } of records) begun.add(dialogId)
  }

  /** Of now or of before; resolves the messages among them. */
  function take(records: WireRecord[]): StoredEntry[] {
    const { change: part, stored } = receive(state, records)
    change(part)
    clearTimeout(typingEnds)
    if (state.typing) {
      typingEnds = setTimeout(() => change({ typing: undefined }), TYPING_ENDS_AFTER_MS)
    }
    for (const pid of authorsOf(state, stored)) people.meet(pid)
    receipts.update()
    return stored
  }

  async function publish(dialogId: string, event: object): Promise<void> {
    await link.request('ms.PublishEvent', { dialogId, event })
  }

  async function ensureConversation(): Promise<void> {
    if (!isListed) throw new SocketClosedError('The conversations are not listed yet', 1006)
    if (state.conversation?.stage === 'OPEN') return
    const { conversationId } = await link.request<{ conversationId: string }>(
      'cm.ConsumerRequestConversation',
      requestFrom(origin, wanted),
    )
    if (state.conversation?.conversationId !== conversationId) {
      change(withConversation(state, newConversation(conversationId)))
    }
    if (state.conversation) await followAll(state.conversation)
  }

  /** It is not sent again by itself: who asks for it is told of a lost connection, too. */
  async function updateField(field: object): Promise<void> {
    const conversationId = state.conversation?.conversationId
    const body = { conversationId, conversationField: [field] }
    await link.request('cm.UpdateConversationField', body).catch(tell)
  }

  function say(text: string, metadata?: object[]): void {
    const key = sender.show({ kind: 'text', text })
    sender.enqueue(textEvent(text), { key, metadata })
  }

  function without({ key }: Entry): Entry[] {
    return state.entries.filter((entry) => entry.key !== key)
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onMessage: (listener) => void messageListeners.add(listener),
    say: (text) => say(text),
    answer({ sequence }, { click: { actions = [], metadata } }) {
      const clicked = { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [sequence] }
      sender.enqueue(clicked, { metadata })
      const text = actions.find(({ type }) => type === 'publishText')?.text
      if (text !== undefined) say(text, metadata)
    },
    sendFiles: files.send,
    fileAddress: (relativePath) => downloadAddress(wanted.origin, link, relativePath),
    retry(entry) {
      if (sender.retry(entry.key)) return
      change({ entries: without(entry) })
      files.retry(entry)
    },
    discard(entry) {
      sender.discard(entry.key)
      change({ entries: without(entry) })
    },
    setUrgent: (isUrgent) =>
      updateField({ field: 'TTRField', ttrType: isUrgent ? 'URGENT' : 'NORMAL', value: 0 }),
    async end() {
      const dialogId = writableDialog(state)?.dialogId
      const dialog = { dialogId, state: 'CLOSE', closedCause: 'Closed by consumer' }
      await updateField({ field: 'DialogChange', type: 'UPDATE', dialog })
    },
    startAgain: () => change(startedAgain(state)),
    typing(isTyping) {
      const dialogId = writableDialog(state)?.dialogId
      if (!dialogId || state.connection !== 'open') return
      const event = { type: 'ChatStateEvent', chatState: isTyping ? 'COMPOSING' : 'PAUSE' }
      publish(dialogId, event).catch(ignoreRefusal)
    },
    setSeen: receipts.setSeen,
    loadEarlier: () => history.loadEarlier().catch(fail),
    async transcript() {
      await history.loadAll()
      return transcriptOf(state)
    },
    async reopen() {
      token = await currentToken(wanted)
      change({ ...INITIAL, entries: unsentOf(state) })
      link = connect()
    },
    tell: (notice) => change({ notice }),
    dismissNotice: () => change({ notice: undefined }),
    async signIn(externalJwt) {
      const former = token
      token = await tokenForSignIn(wanted, externalJwt)
      const isRunning = state.conversation?.stage === 'OPEN'
      if (isRunning && !isOfKnownConsumer(former)) formerToken = former
      entering = Promise.withResolvers<void>()
      link.close()
      link = connect()
      try {
        await entering.promise
        keepToken(wanted, token)
      } catch (error) {
        // Everything is as it was before.
        token = former
        formerToken = undefined
        link.close()
        link = connect()
        throw error
      } finally {
        entering = undefined
      }
      change({ isSignedIn: true, notice: undefined })
    },
  }
}
