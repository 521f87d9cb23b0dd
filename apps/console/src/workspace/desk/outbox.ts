import { isBusy } from '../../consumer/retrying.ts'
import { newId, SocketClosedError, SocketRequestError } from '@parley/client/socket'
import type { Link } from '../../consumer/link.ts'
import { ServerError } from '../../studio/api/server.ts'
import { forgetUnsent, keepUnsent, unsentOf } from './kept.ts'
import { whyOf } from './notice.ts'
import { type Entry, mainDialog, type State, talkOf, type Unsent } from './state.ts'

export interface OutboxDeps {
  agentId: string
  pid: string
  link: () => Link | undefined
  /** Resolves with what the server has stored. */
  publishInChat: (unsent: Unsent) => Promise<Entry | undefined>
  state: () => State
  change: (part: Partial<State>) => void
  /** The server has stored a message of this agent. */
  stored: (conversationId: string, entry: Entry) => void
  fail: (error: unknown) => void
}

export interface Outbox {
  /** @param isPrivate only for agents and managers */
  say(conversationId: string, text: string, isPrivate: boolean): void
  /** Tries again what the server has refused. */
  retry(key: string): void
  discard(key: string): void
  /** Sends what waits, one after the other. */
  sendWaiting(): Promise<void>
  /** A message of this agent has come back before the answer to its request. */
  cameBack(conversationId: string, text: string): void
  /** One of a live chat is stored. */
  arrived(key: string): void
}

const BUSY_PAUSE_MS = 1_000

/** Texts on their way to the server. What fails for want of a connection waits, and outlives the page. */
export function openOutbox({ agentId, pid, link, state, change, ...deps }: OutboxDeps): Outbox {
  let isSending = false

  /** The oldest one that can be sent now: live chats do not need the socket. */
  const waiting = () =>
    state().unsent.find(
      ({ problem, isChat }) =>
        problem === undefined && (isChat === true || state().connection === 'open'),
    )

  function put(next: Unsent): void {
    keepUnsent(agentId, next)
    const others = state().unsent.filter(({ key }) => key !== next.key)
    change({ unsent: [...others, next].toSorted((a, b) => a.at - b.at) })
  }

  function remove(key: string): void {
    forgetUnsent(agentId, key)
    change({ unsent: state().unsent.filter((one) => one.key !== key) })
  }

  async function sendWaiting(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      for (let next = waiting(); next; next = waiting()) {
        await sendOne(next)
      }
    } catch (error) {
      if (!isPassing(error)) throw error
      setTimeout(() => void sendWaiting().catch(deps.fail), BUSY_PAUSE_MS)
    } finally {
      isSending = false
    }
  }

  async function sendOne(one: Unsent): Promise<void> {
    const { key, conversationId } = one
    try {
      const entry = one.isChat ? await deps.publishInChat(one) : await publish(one)
      if (entry) deps.stored(conversationId, entry)
      remove(key)
    } catch (error) {
      const problem = refusalOf(error)
      if (problem === undefined) throw error
      // It came back before it was answered, so it is stored; else it says why it is not.
      if (state().unsent.some((known) => known.key === key)) put({ ...one, problem })
    }
  }

  async function publish(one: Unsent): Promise<Entry> {
    const { key, conversationId, dialogId, text, isPrivate } = one
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
    const socket = link()
    if (!socket) throw new SocketClosedError('There is no connection', 1006)
    const { sequence } = await socket.request<{ sequence: number }>(
      'ms.PublishEvent',
      {
        conversationId,
        dialogId,
        event,
        ...(isPrivate && { messageAudience: 'AGENTS_AND_MANAGERS' }),
      },
      { id: key },
    )
    return {
      dialogId,
      sequence,
      pid,
      role: 'ASSIGNED_AGENT',
      at: Date.now() + state().clockAheadMs,
      content: { kind: 'text', text },
      quickReplies: [],
      isPrivate,
    }
  }

  change({ unsent: unsentOf(agentId) })
  return {
    say(conversationId, text, isPrivate) {
      const talk = talkOf(state(), conversationId)
      const dialogId = (talk && mainDialog(talk)?.dialogId) ?? conversationId
      const isChat = talk?.chat !== undefined
      put({ key: newId(), conversationId, dialogId, text, isPrivate, isChat, at: Date.now() })
      sendWaiting().catch(deps.fail)
    },
    retry(key) {
      const one = state().unsent.find((known) => known.key === key)
      if (!one) return
      put({ ...one, problem: undefined })
      sendWaiting().catch(deps.fail)
    },
    discard: remove,
    sendWaiting,
    cameBack(conversationId, text) {
      const one = state().unsent.find(
        (known) => known.conversationId === conversationId && known.text === text,
      )
      if (one) remove(one.key)
    },
    arrived(key) {
      if (state().unsent.some((one) => one.key === key)) remove(key)
    },
  }
}

/** Nobody could be asked, or the server has no time for it now. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ServerError) return error.status === 0 || isBusy(error.status)
  return error instanceof SocketRequestError && isBusy(error.code)
}

/** Why the server does not take it, whenever it is sent again; `undefined` where it may take it later. */
function refusalOf(error: unknown): string | undefined {
  if (isPassing(error)) return undefined
  // Who signs in again goes on.
  if (error instanceof ServerError) return error.status === 401 ? undefined : whyOf(error)
  return error instanceof SocketRequestError ? whyOf(error) : undefined
}
