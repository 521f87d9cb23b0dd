import { newId, SocketRequestError } from '@parley/client/socket'
import type { Link } from '../../consumer/link.ts'
import { forgetUnsent, keepUnsent, unsentOf } from './kept.ts'
import { type Entry, mainDialog, type State, talkOf, type Unsent } from './state.ts'

export interface OutboxDeps {
  accountId: string
  pid: string
  link: () => Link | undefined
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
}

const BUSY_PAUSE_MS = 1_000

/** Texts on their way to the server. What fails for want of a connection waits, and outlives the page. */
export function openOutbox({ accountId, pid, link, state, change, ...deps }: OutboxDeps): Outbox {
  let isSending = false

  const waiting = () => state().unsent.find(({ problem }) => problem === undefined)

  function put(next: Unsent): void {
    keepUnsent(accountId, next)
    const others = state().unsent.filter(({ key }) => key !== next.key)
    change({ unsent: [...others, next].toSorted((a, b) => a.at - b.at) })
  }

  function remove(key: string): void {
    forgetUnsent(accountId, key)
    change({ unsent: state().unsent.filter((one) => one.key !== key) })
  }

  async function sendWaiting(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      for (let next = waiting(); next; next = waiting()) {
        const socket = link()
        if (!socket || state().connection !== 'open') return
        await sendOne(socket, next)
      }
    } catch (error) {
      if (!isPassing(error)) throw error
      setTimeout(() => void sendWaiting().catch(deps.fail), BUSY_PAUSE_MS)
    } finally {
      isSending = false
    }
  }

  async function sendOne(socket: Link, one: Unsent): Promise<void> {
    const { key, conversationId, dialogId, text, isPrivate } = one
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
    try {
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
      deps.stored(conversationId, {
        dialogId,
        sequence,
        pid,
        role: 'ASSIGNED_AGENT',
        at: Date.now() + state().clockAheadMs,
        content: { kind: 'text', text },
        isPrivate,
      })
      remove(key)
    } catch (error) {
      if (!(error instanceof SocketRequestError) || isPassing(error)) throw error
      // It came back before it was answered, so it is stored; else it says why it is not.
      if (state().unsent.some((known) => known.key === key)) {
        put({ ...one, problem: String(error.body) })
      }
    }
  }

  change({ unsent: unsentOf(accountId) })
  return {
    say(conversationId, text, isPrivate) {
      const talk = talkOf(state(), conversationId)
      const dialogId = (talk && mainDialog(talk)?.dialogId) ?? conversationId
      put({ key: newId(), conversationId, dialogId, text, isPrivate, at: Date.now() })
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
  }
}

/** The server has no time for it now. */
function isPassing(error: unknown): boolean {
  return error instanceof SocketRequestError && (error.code === 429 || error.code >= 500)
}
