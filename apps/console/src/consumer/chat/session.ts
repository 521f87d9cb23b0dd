import { keyOf } from '../identity.ts'
import { openKeptList } from '../kept-list.ts'
import { reasonOf } from '../notice.ts'
import { type Embedding, originOf } from '../origin.ts'
import { storage } from '../../storage.ts'
import { newId } from '@parley/client/socket'
import {
  type ChatEntry,
  type ChatState,
  type ChatView,
  NO_CHAT,
  type PendingLine,
  type SurveyForm,
  withEntry,
} from './state.ts'

const RETRY_MS = 2_000
const NOT_ASKED = { asked: '', token: '' }

export interface WantedChat extends Embedding {
  skillId: string
}

export interface ChatSession {
  state(): ChatState
  subscribe(listener: () => void): () => void
  start(about: { name: string; email: string; text: string }): Promise<void>
  say(text: string): void
  typing(isTyping: boolean): void
  end(): Promise<void>
  submit(survey: object): Promise<void>
  startAgain(): void
  /** Sends a line again that was refused. */
  retry(line: PendingLine): void
  discard(line: PendingLine): void
  dismissNotice(): void
}

interface Kept {
  chatId: string
  token: string
}

/** A live chat of this browser; after a reload it goes on where it was. */
export function openChatSession(wanted: WantedChat): ChatSession {
  const base = `${wanted.origin}/api/v1/accounts/${wanted.accountId}/consumer/chats`
  const place = keyOf(wanted, 'chat')
  const linesPlace = keyOf(wanted, 'chat lines')
  const keptLines = openKeptList<PendingLine>(linesPlace, ({ lineId }) => lineId)
  const listeners = new Set<() => void>()
  let state = { ...NO_CHAT, isResuming: storage.read(place) !== undefined }
  let kept: Kept | undefined
  let isSending = false
  /** What a start was asked with, and its token: the same start asked again is the same chat. */
  let asking = NOT_ASKED
  const origin = originOf(wanted, [])

  function change(part: Partial<ChatState>): void {
    const { pending } = part
    if (kept && pending && pending !== state.pending) {
      keptLines.follow(kept.chatId, state.pending, pending)
    }
    state = { ...state, ...part }
    for (const listener of listeners) listener()
  }

  function fail(error: unknown): void {
    change({ notice: reasonOf(error) })
  }

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(kept && { authorization: `Bearer ${kept.token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) {
      const reason = messageOf(text) ?? `The server answered ${response.status}`
      throw Object.assign(new Error(reason), { status: response.status })
    }
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  function listen({ chatId, token }: Kept): void {
    const from = Math.max(-1, ...state.entries.map(({ sequence }) => sequence)) + 1
    const query = new URLSearchParams({ token, from: String(from) })
    const stream = new EventSource(`${base}/${chatId}/events?${query}`)
    const listen = (type: string, take: (content: never) => void) =>
      stream.addEventListener(type, ({ data }) => take(JSON.parse(String(data)) as never))
    stream.addEventListener('open', () => {
      change({ isLost: false })
      void sendWaiting()
    })
    stream.addEventListener('error', () => {
      change({ isLost: state.chat?.stage !== 'ended' })
      // The browser connects again by itself, with the id of the last event, but not after an answer other than 200.
      if (stream.readyState === EventSource.CLOSED) setTimeout(resumeOrForget, RETRY_MS)
    })
    listen('entry', (entry: ChatEntry) => change(withEntry(state, entry)))
    listen('typing', ({ typing }: { typing: boolean }) => change({ isTyping: typing }))
    listen('chat', (chat: ChatView) => {
      change({ chat })
      if (chat.stage !== 'ended') return
      stream.close()
      change({ isLost: false, isTyping: false })
      if (chat.survey === 'open') readForm().catch(readLater)
    })
  }

  async function readForm(): Promise<void> {
    const { form } = await call<{ form: SurveyForm }>('GET', `/${kept?.chatId}/survey`)
    change({ form })
  }

  /** The stream has ended with the chat: nothing else would bring the form. */
  function readLater(error: unknown): void {
    if (!isPassing(error)) return fail(error)
    change({ isLost: true })
    setTimeout(resumeOrForget, RETRY_MS)
  }

  function keep(now: Kept): void {
    kept = now
    storage.keep(place, JSON.stringify(now))
  }

  /** That of this page: another tab may have begun another one meanwhile. */
  function forgetKept(): void {
    const former = kept && JSON.stringify(kept)
    kept = undefined
    if (former !== undefined && storage.read(place) !== former) return
    storage.forget(place)
    keptLines.forget()
  }

  async function resume(): Promise<void> {
    const former = storage.read(place)
    kept ??= former ? (JSON.parse(former) as Kept) : undefined
    if (!kept) return
    interface Page {
      chat: ChatView
      entries: ChatEntry[]
      nextFrom?: number
    }
    const { chat, entries, nextFrom } = await call<Page>('GET', `/${kept.chatId}`)
    const isLost = state.isLost && chat.stage !== 'ended'
    change({ pending: withKept(kept.chatId) })
    change({ ...entries.reduce(withEntry, state), chat, isLost, isResuming: false })
    void sendWaiting()
    // Of a long one the stream sends the rest, and then that it has ended.
    if (chat.stage !== 'ended' || nextFrom !== undefined) listen(kept)
    else if (chat.survey === 'open') await readForm()
  }

  function withKept(chatId: string): PendingLine[] {
    const here = new Set(state.pending.map(({ lineId }) => lineId))
    return [...keptLines.of(chatId).filter(({ lineId }) => !here.has(lineId)), ...state.pending]
  }

  /** One after the other; the id makes a line that is sent again count once. */
  async function sendWaiting(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      for (let line = nextLine(); line && kept; line = nextLine()) {
        await sendLine(kept, line)
      }
    } catch {
      // There is no connection, or the server has no time for it: it is sent again.
      setTimeout(() => void sendWaiting(), RETRY_MS)
    } finally {
      isSending = false
    }
  }

  function nextLine(): PendingLine | undefined {
    return state.pending.find(({ problem }) => problem === undefined)
  }

  async function sendLine({ chatId }: Kept, line: PendingLine): Promise<void> {
    let problem: string | undefined
    try {
      change(withEntry(state, await call<ChatEntry>('POST', `/${chatId}/lines`, line)))
    } catch (error) {
      if (isPassing(error)) throw error
      // The server will not take it: it stays, and says why.
      problem = reasonOf(error)
    }
    replaceLine(line, problem === undefined ? undefined : { ...line, problem })
  }

  function replaceLine({ lineId }: PendingLine, by: PendingLine | undefined): void {
    change({ pending: state.pending.flatMap((one) => (one.lineId === lineId ? (by ?? []) : one)) })
  }

  /** Sends a form once, however often its button is pressed meanwhile. */
  async function submitOnce(sending: () => Promise<void>): Promise<void> {
    if (state.isSubmitting) return
    change({ isSubmitting: true })
    await sending().catch(fail)
    change({ isSubmitting: false })
  }

  function resumeOrForget(): void {
    resume().catch((error: unknown) => {
      if (isPassing(error) || isSuspended(error)) {
        change({ isLost: true })
        setTimeout(resumeOrForget, RETRY_MS)
        return
      }
      // The kept chat is gone, or its token has ended: a new one can be started.
      forgetKept()
      change(NO_CHAT)
    })
  }
  resumeOrForget()

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: ({ name, email, text }) =>
      submitOnce(async () => {
        const { skillId } = wanted
        const about = { skillId, name: name || undefined, email: email || undefined, text }
        const asked = JSON.stringify(about)
        if (asking.asked !== asked) asking = { asked, token: newId() + newId() }
        const { token } = asking
        const body = { ...about, ...origin, token }
        const { chat } = await call<{ chat: ChatView }>('POST', '', body)
        asking = NOT_ASKED
        keep({ chatId: chat.chatId, token })
        change({ ...NO_CHAT, chat })
        listen({ chatId: chat.chatId, token })
      }),
    say(text) {
      change({ pending: [...state.pending, { lineId: newId(), text }] })
      void sendWaiting()
    },
    typing(isTyping) {
      // A report of typing that gets lost does no harm.
      if (kept) call('POST', `/${kept.chatId}/typing`, { typing: isTyping }).catch(() => undefined)
    },
    async end() {
      await call('POST', `/${kept?.chatId}/end`).catch(fail)
    },
    submit: (survey) =>
      submitOnce(async () => {
        const path = `/${kept?.chatId}`
        try {
          await call('POST', `${path}/survey`, survey)
          const chat = state.chat && { ...state.chat, survey: 'submitted' as const }
          change({ form: undefined, chat })
        } catch (error) {
          if (isPassing(error)) throw error
          // Another tab may have answered, or the time for it is over: then no answer of this form is taken any more.
          const { chat } = await call<{ chat: ChatView }>('GET', path)
          change({ chat, form: chat.survey === 'open' ? state.form : undefined })
          throw error
        }
      }),
    retry(line) {
      const { lineId, text } = line
      replaceLine(line, { lineId, text })
      void sendWaiting()
    },
    discard: (line) => replaceLine(line, undefined),
    dismissNotice: () => change({ notice: undefined }),
    startAgain() {
      forgetKept()
      change(NO_CHAT)
    },
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof TypeError) return true
  const { status } = error as { status?: number }
  return status !== undefined && (status === 429 || status >= 500)
}

/** Nothing works in the account then, and nothing is lost. */
function isSuspended(error: unknown): boolean {
  return (error as { status?: number }).status === 403
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message
  } catch {
    return undefined
  }
}
