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
  /** `content` is shown at once, marked as not sent yet; without it the event is not shown. */
  enqueue(content: Content | undefined, event: object, metadata?: object[]): void
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
      const answer = await link().request<{ sequence: number }>('ms.PublishEvent', body, options)
      const placed = state().entries.map((e) => (e.key === key ? { ...e, dialogId } : e))
      change({ entries: withSequence(placed, key, answer.sequence) })
    } catch (error) {
      if (!(error instanceof SocketRequestError) || isPassing(error)) throw error
      // The server will not take it: it leaves the list, and the notice says why.
      change({ entries: state().entries.filter((entry) => entry.key !== key) })
      fail(error)
    }
    outgoing.shift()
  }

  return {
    sendWaiting,
    enqueue(content, event, metadata) {
      const key = newId()
      if (content) {
        const entry: Entry = {
          key,
          dialogId: '',
          role: 'CONSUMER',
          at: Date.now(),
          content,
          quickReplies: [],
        }
        change({ entries: [...state().entries, entry] })
      }
      outgoing.push({ key, event, metadata })
      sendWaiting().catch(fail)
    },
  }
}

/** The server has no time for it now. */
function isPassing(error: unknown): boolean {
  return error instanceof SocketRequestError && (error.code === 429 || error.code >= 500)
}
