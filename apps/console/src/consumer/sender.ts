import { newId, SocketRequestError } from '@parley/client/socket'
import type { Content } from './content.ts'
import type { Link } from './link.ts'
import { type Entry, type State, withSequence, writableDialog } from './state.ts'

interface Outgoing {
  /** Also the request's id: sent again after a lost connection, the server stores the message once. */
  key: string
  event: object
  metadata: object[] | undefined
}

export interface SenderDeps {
  link(): Link
  state(): State
  change(part: Partial<State>): void
  fail(error: unknown): void
  /** Opens a conversation when there is none. */
  ensureConversation(): Promise<void>
}

const BUSY_PAUSE_MS = 1_000

export interface Sender {
  /** Shows the content at once, marked as not sent yet. Resolves its key. */
  show(content: Content, more?: Partial<Entry>): string
  /** Sends an event, under the key of what is shown for it, if anything is. */
  enqueue(event: object, options?: { key?: string; metadata?: object[] | undefined }): void
  /** Sends what waits, one after the other; what fails for want of a connection stays. */
  sendWaiting(): Promise<void>
}

export function openSender({ link, state, change, fail, ensureConversation }: SenderDeps): Sender {
  const outgoing: Outgoing[] = []
  let isSending = false

  async function sendWaiting(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      for (let next = outgoing[0]; next; next = outgoing[0]) {
        await ensureConversation()
        const dialogId = writableDialog(state())?.dialogId
        if (!dialogId) return
        await sendOne(next, dialogId)
      }
    } catch (error) {
      if (!isPassing(error)) throw error
      setTimeout(() => void sendWaiting().catch(fail), BUSY_PAUSE_MS)
    } finally {
      isSending = false
    }
  }

  async function sendOne({ key, event, metadata }: Outgoing, dialogId: string): Promise<void> {
    try {
      const body = { dialogId, event }
      const options = { id: key, ...(metadata && { metadata }) }
      const { sequence } = await link().request<{ sequence: number }>(
        'ms.PublishEvent',
        body,
        options,
      )
      change({ entries: withSequence(state(), key, { dialogId, sequence }), notice: undefined })
    } catch (error) {
      if (!(error instanceof SocketRequestError) || isPassing(error)) throw error
      // The server will not take it: the entry says why.
      const problem = String(error.body)
      const entries = state().entries.map((one) => (one.key === key ? { ...one, problem } : one))
      change({ entries })
    }
    outgoing.shift()
  }

  return {
    sendWaiting,
    show(content, more) {
      const entry: Entry = {
        key: newId(),
        dialogId: '',
        role: 'CONSUMER',
        at: Date.now(),
        content,
        quickReplies: [],
        ...more,
      }
      change({ entries: [...state().entries, entry] })
      return entry.key
    },
    enqueue(event, { key = newId(), metadata } = {}) {
      outgoing.push({ key, event, metadata })
      sendWaiting().catch(fail)
    },
  }
}

/** The server has no time for it now. */
export function isPassing(error: unknown): boolean {
  return error instanceof SocketRequestError && (error.code === 429 || error.code >= 500)
}
