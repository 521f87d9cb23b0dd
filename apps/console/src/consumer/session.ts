import { SocketClosedError, SocketRequestError } from '@parley/client/socket'
import { type Content, contentOf, type QuickReply, quickRepliesOf } from './content.ts'
import { downloadAddress, upload } from './files.ts'
import {
  currentToken,
  forgetToken,
  isOfKnownConsumer,
  type Place,
  tokenForSignIn,
} from './identity.ts'
import { type Link, openLink } from './link.ts'
import { openSender } from './sender.ts'
import { type Entry, INITIAL, type State, withStored, writableDialog } from './state.ts'
import { FEATURES, type WireConversation, type WireRecord } from './wire.ts'

export interface Wanted extends Place {
  skillId?: string | undefined
  language?: string | undefined
}

/** What the page can do; every change calls the listeners of `subscribe`. */
export interface Session {
  state(): State
  subscribe(listener: () => void): () => void
  say(text: string): void
  /** Clicks a button of a message or one of its quick replies. */
  answer(entry: Entry, reply: Pick<QuickReply, 'click'>): void
  sendFile(file: File): Promise<void>
  fileAddress(relativePath: string): Promise<string>
  setUrgent(isUrgent: boolean): Promise<void>
  end(): Promise<void>
  startAgain(): void
  typing(isTyping: boolean): void
  /** Takes the token of the company's own sign-in; a running conversation goes on under the known identity. */
  signIn(externalJwt: string): Promise<void>
}

export async function openSession(wanted: Wanted): Promise<Session> {
  let token = await currentToken(wanted)
  let state: State = { ...INITIAL, isSignedIn: isOfKnownConsumer(token) }
  /** Of the anonymous consumer who has just signed in. */
  let formerToken: string | undefined
  let opened = Promise.withResolvers<void>()
  const followed = new Set<string>()
  const listeners = new Set<() => void>()
  const sender = openSender({
    link: () => link,
    state: () => state,
    change,
    fail,
    ensureConversation,
  })
  let link = connect()

  function change(part: Partial<State>): void {
    state = { ...state, ...part }
    for (const listener of listeners) listener()
  }

  function fail(error: unknown): void {
    // A lost connection shows in the banner, and what waits is sent again.
    if (error instanceof SocketClosedError) return
    change({ notice: noticeOf(error) })
  }

  function connect(): Link {
    const address = `${wanted.origin.replace(/^http/, 'ws')}/ws_api/account/${wanted.accountId}/messaging/consumer?v=3`
    return openLink(address, token, FEATURES, {
      opened: () => void resume().catch(fail),
      lost: () => change({ connection: 'lost', typing: undefined }),
      refused() {
        forgetToken(wanted)
        change({ connection: 'refused' })
      },
      notified(type, body: { changes: never[] }) {
        if (type.endsWith('ExConversationChangeNotification')) {
          body.changes.forEach(conversationChanged)
        } else if (type.endsWith('MessagingEventNotification')) body.changes.forEach(recorded)
      },
    })
  }

  async function resume(): Promise<void> {
    followed.clear()
    await stepUp()
    await link.request('cqm.SubscribeExConversations', { stage: ['OPEN'] })
    const { conversation } = state
    if (conversation) {
      for (const { dialogId } of conversation.dialogs) {
        await follow(conversation.conversationId, dialogId)
      }
    }
    change({ connection: 'open' })
    opened.resolve()
    await sender.sendWaiting()
  }

  /** The running conversation may be followed under the known identity only from then on. */
  async function stepUp(): Promise<void> {
    if (formerToken === undefined) return
    try {
      await link.request('StepUp', { jwt: formerToken })
    } catch (error) {
      if (!(error instanceof SocketRequestError)) throw error
      // It stays with the anonymous consumer, and the notice says why.
      change({ conversation: undefined, entries: [] })
      fail(error)
    }
    formerToken = undefined
  }

  function conversationChanged({ result }: { result: WireConversation }): void {
    const { convId, conversationDetails: details } = result
    const isOther = state.conversation && state.conversation.conversationId !== convId
    if (isOther && details.stage !== 'OPEN') return
    change({
      conversation: {
        conversationId: convId,
        stage: details.stage,
        isUrgent: details.ttr?.ttrType === 'URGENT',
        dialogs: details.dialogs,
      },
    })
    for (const { dialogId } of details.dialogs) follow(convId, dialogId).catch(fail)
  }

  async function follow(conversationId: string, dialogId: string): Promise<void> {
    if (followed.has(dialogId)) return
    followed.add(dialogId)
    const known = state.entries.filter((e) => e.dialogId === dialogId).map((e) => e.sequence ?? -1)
    const fromSeq = Math.max(-1, ...known) + 1
    await link.request('ms.SubscribeMessagingEvents', { conversationId, dialogId, fromSeq })
  }

  function recorded(record: WireRecord): void {
    const { dialogId, sequence, event, serverTimestamp: at = 0 } = record
    const role = record.originatorMetadata?.role ?? 'CONSUMER'
    const isOwn = role === 'CONSUMER'
    if (event.type === 'ChatStateEvent') {
      if (!isOwn) change({ typing: event.chatState === 'COMPOSING' ? role : undefined })
      return
    }
    const content = contentOf(event)
    if (!content || sequence === undefined) return
    const key = `${dialogId} ${sequence}`
    const quickReplies = quickRepliesOf(event)
    const stored = { key, dialogId, sequence, role, at, content, quickReplies }
    const entries = withStored(state.entries, stored)
    change(isOwn ? { entries } : { entries, typing: undefined })
    if (!isOwn)
      mark(dialogId, { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [sequence] })
  }

  /** Reports what was read, or that the consumer types. */
  function mark(dialogId: string, event: object): void {
    link.request('ms.PublishEvent', { dialogId, event }).catch((error: unknown) => {
      // The dialog may be closed by now: then the report is not needed.
      if (!(error instanceof SocketClosedError || error instanceof SocketRequestError)) fail(error)
    })
  }

  async function ensureConversation(): Promise<void> {
    if (state.conversation?.stage === 'OPEN') return
    const { conversationId } = await link.request<{ conversationId: string }>(
      'cm.ConsumerRequestConversation',
      {
        brandId: wanted.accountId,
        channelType: 'MESSAGING',
        ...(wanted.skillId && { skillId: wanted.skillId }),
        conversationContext: {
          type: 'SharkContext',
          lang: wanted.language ?? navigator.language,
          clientProperties: { type: '.ClientProperties', features: FEATURES },
        },
      },
    )
    if (state.conversation?.conversationId !== conversationId) {
      const dialogs = [{ dialogId: conversationId, dialogType: 'MAIN', state: 'OPEN' }]
      change({ conversation: { conversationId, stage: 'OPEN', isUrgent: false, dialogs } })
    }
    await follow(conversationId, conversationId)
  }

  async function updateField(field: object): Promise<void> {
    const conversationId = state.conversation?.conversationId
    await link
      .request('cm.UpdateConversationField', { conversationId, conversationField: [field] })
      .catch(fail)
  }

  function say(text: string, metadata?: object[]): void {
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
    sender.enqueue({ kind: 'text', text }, event, metadata)
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    say: (text) => say(text),
    answer({ sequence }, { click: { actions = [], metadata } }) {
      const clicked = { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [sequence] }
      sender.enqueue(undefined, clicked, metadata)
      const text = actions.find(({ type }) => type === 'publishText')?.text
      if (text !== undefined) say(text, metadata)
    },
    async sendFile(file) {
      try {
        const relativePath = await upload(wanted.origin, link, file)
        const message = { caption: file.name, relativePath, fileType: file.type }
        const content: Content = { kind: 'file', ...message }
        sender.enqueue(content, { type: 'ContentEvent', contentType: 'hosted/file', message })
      } catch (error) {
        fail(error)
      }
    },
    fileAddress: (relativePath) => downloadAddress(wanted.origin, link, relativePath),
    setUrgent: (isUrgent) =>
      updateField({ field: 'TTRField', ttrType: isUrgent ? 'URGENT' : 'NORMAL', value: 0 }),
    async end() {
      const dialogId = writableDialog(state)?.dialogId
      const dialog = { dialogId, state: 'CLOSE', closedCause: 'Closed by consumer' }
      await updateField({ field: 'DialogChange', type: 'UPDATE', dialog })
    },
    startAgain: () => change({ conversation: undefined, entries: [], notice: undefined }),
    typing(isTyping) {
      const dialogId = writableDialog(state)?.dialogId
      if (!dialogId || state.connection !== 'open') return
      mark(dialogId, { type: 'ChatStateEvent', chatState: isTyping ? 'COMPOSING' : 'PAUSE' })
    },
    async signIn(externalJwt) {
      const former = token
      token = await tokenForSignIn(wanted, externalJwt)
      const isRunning = state.conversation?.stage === 'OPEN'
      if (isRunning && !isOfKnownConsumer(former)) formerToken = former
      link.close()
      opened = Promise.withResolvers<void>()
      link = connect()
      await opened.promise
      change({ isSignedIn: true })
    },
  }
}

function noticeOf(error: unknown): string {
  if (error instanceof SocketRequestError) return String(error.body)
  return error instanceof Error ? error.message : String(error)
}
