import { newId, SocketRequestError } from '@parley/client/socket'
import { type Content, contentOf, type WireEvent } from './content.ts'
import { keyOf, type Place } from './identity.ts'
import { openKeptList } from './kept-list.ts'
import type { Link } from './link.ts'
import { reasonOf } from './notice.ts'
import { isBusy } from './retrying.ts'
import { type Entry, type State, withSequence, writableDialog } from './state.ts'

/** An event on its way to the server; it outlives the page. */
export interface Outgoing {
  /** Also the request's id: sent again after a lost connection or a reload, the server stores the message once. */
  key: string
  at: number
  event: WireEvent
  metadata?: object[] | undefined
  /** Where it was tried first. It may be stored there, and only the answer be lost. */
  triedIn?: string | undefined
  /** Why the server will not take it. */
  problem?: string | undefined
}

export interface SenderDeps {
  link(): Link
  state(): State
  change(part: Partial<State>): void
  fail(error: unknown): void
  /** Opens a conversation when there is none. */
  ensureConversation(): Promise<void>
  wanted: Place
  consumerId(): string
}

const BUSY_PAUSE_MS = 1_000

export interface Sender {
  /** Shows the content at once, marked as not sent yet. Resolves its key. */
  show(content: Content, more?: Partial<Entry>): string
  /** Sends an event, under the key of what is shown for it, if anything is. */
  enqueue(event: WireEvent, options?: { key?: string; metadata?: object[] | undefined }): void
  /** Sends again what the server has refused; `false` where it was never sent. */
  retry(key: string): boolean
  discard(key: string): void
  /** Sends what waits, one after the other; what fails for want of a connection stays. */
  sendWaiting(): Promise<void>
}

export function openSender({ link, state, change, fail, ...deps }: SenderDeps): Sender {
  const { ensureConversation, consumerId } = deps
  const kept = openKeptList<Outgoing>(keyOf(deps.wanted, 'unsent'), ({ key }) => key)
  let outgoing = kept.of(consumerId())
  let isSending = false

  function keep(now: Outgoing[]): void {
    kept.follow(consumerId(), outgoing, now)
    outgoing = now
  }

  function replace({ key }: Pick<Outgoing, 'key'>, by: Outgoing | undefined): void {
    keep(outgoing.flatMap((one) => (one.key === key ? (by ?? []) : one)))
  }

  function showProblem(key: string, problem: string | undefined): void {
    change({ entries: state().entries.map((one) => (one.key === key ? { ...one, problem } : one)) })
  }

  async function sendWaiting(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      // Who has signed in meanwhile is another consumer.
      keep(outgoing)
      for (let next = waiting(); next; next = waiting()) {
        if (next.triedIn === undefined) await ensureConversation()
        const dialogId = next.triedIn ?? writableDialog(state())?.dialogId
        if (dialogId === undefined) return
        await sendOne(next, dialogId)
      }
    } catch (error) {
      if (!isPassing(error)) throw error
      setTimeout(() => void sendWaiting().catch(fail), BUSY_PAUSE_MS)
    } finally {
      isSending = false
    }
  }

  function waiting(): Outgoing | undefined {
    return outgoing.find(({ problem }) => problem === undefined)
  }

  async function sendOne(one: Outgoing, dialogId: string): Promise<void> {
    const { key, event, metadata } = one
    const tried = { ...one, triedIn: dialogId }
    replace(one, tried)
    try {
      const body = { dialogId, event }
      const options = { id: key, ...(metadata && { metadata }) }
      const { sequence } = await link().request<{ sequence: number }>(
        'ms.PublishEvent',
        body,
        options,
      )
      change({ entries: withSequence(state(), key, { dialogId, sequence }), notice: undefined })
      replace(one, undefined)
    } catch (error) {
      if (!(error instanceof SocketRequestError) || isPassing(error)) throw error
      refused(one, error)
    }
  }

  function refused(one: Outgoing, error: SocketRequestError): void {
    const { key, triedIn } = one
    const problem = reasonOf(error)
    if (triedIn !== undefined && triedIn !== writableDialog(state())?.dialogId) {
      // It is not stored there, and the dialog takes nothing any more: the next one may.
      replace(one, { ...one, triedIn: undefined })
    } else if (state().entries.some((entry) => entry.key === key)) {
      // The server will not take it: the entry says why.
      replace(one, { ...one, problem })
      showProblem(key, problem)
    } else {
      replace(one, undefined)
    }
  }

  const shown = outgoing.flatMap(entryOf)
  if (shown.length > 0) change({ entries: [...state().entries, ...shown] })
  return {
    sendWaiting,
    show(content, more) {
      const entry = { ...newEntry(newId(), Date.now(), content), ...more }
      change({ entries: [...state().entries, entry] })
      return entry.key
    },
    enqueue(event, { key = newId(), metadata } = {}) {
      keep([...outgoing, { key, at: Date.now(), event, metadata }])
      sendWaiting().catch(fail)
    },
    retry(key) {
      const one = outgoing.find((known) => known.key === key)
      if (!one) return false
      replace(one, { ...one, problem: undefined })
      showProblem(key, undefined)
      sendWaiting().catch(fail)
      return true
    },
    discard: (key) => replace({ key }, undefined),
  }
}

function entryOf({ key, at, event, problem }: Outgoing): Entry[] {
  const content = contentOf(event)
  return content ? [{ ...newEntry(key, at, content), problem }] : []
}

function newEntry(key: string, at: number, content: Content): Entry {
  return { key, dialogId: '', role: 'CONSUMER', at, content, quickReplies: [] }
}

/** The server has no time for it now. */
export function isPassing(error: unknown): boolean {
  return error instanceof SocketRequestError && isBusy(error.code)
}
