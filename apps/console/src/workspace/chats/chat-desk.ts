import {
  acceptChat,
  Chat,
  type ChatEntry,
  endChat,
  getChat,
  leaveChat,
  listChats,
  setAgentTyping,
  transferChat,
  writeAgentLine,
} from '@parley/contract'
import * as z from 'zod'
import { loadPart } from '../../studio/api/load-part.ts'
import { ask, ServerError } from '../../studio/api/server.ts'
import { withoutOldOnes } from '../desk/over.ts'
import { withEntries } from '../desk/read-frames.ts'
import { type Dialog, type Offer, type State, talkOf, type Unsent } from '../desk/state.ts'
import type { TalkActions } from '../desk/talk-actions.ts'
import { entryFromChat, offerFromChat, type Reader, talkFromChat } from './read-chat.ts'

export interface ChatDeskDeps extends Reader {
  accountId: string
  state: () => State
  change: (part: Partial<State>) => void
  fail: (error: unknown) => void
  /** Reads a chat that is shown, and keeps what was said. */
  load: (chatId: string) => Promise<void>
  /** A line of this agent is stored. */
  cameBack: (key: string) => void
  /** Something was said, or is seen now. */
  updated: () => void
  /** Conversations that are over may be there no more. */
  mayBeErased: () => void
}

/** Waiting chats that are read at once: the longest waiting ones. */
const MAX_WAITING = 100
const MAX_SERVED = 500

const Gone = z.object({ chatId: z.string() })
const Changed = z.object({ topic: z.string(), id: z.string().optional() })
const Typing = Gone.extend({ typing: z.boolean() })

export type ChatDesk = ReturnType<typeof openChatDesk>

/** The agent's live chats, beside the conversations of the same page. One stream says which have changed; what was said is read then. */
export function openChatDesk(deps: ChatDeskDeps) {
  const { accountId, state, change, fail } = deps
  const reader: Reader = { userId: deps.userId, pid: deps.pid }
  let stop: AbortController | undefined
  let skillIds: readonly string[] = []
  /** What changes from now on is told. */
  let isReady = false
  /** From where the entries of each chat are to be read. */
  const next = new Map<string, number>()
  /** Chats that are being read, and whether they have to be read on, or as a whole, then. */
  const reading = new Map<string, 'once' | 'again' | 'whole'>()
  /** Waiting ones that this agent does not want. */
  const declined = new Set<string>()
  /** For each reading of the lists that is on its way, the chats that were heard of meanwhile: what it brings of them may be older. */
  const heardMeanwhile = new Set<Set<string>>()

  async function list(): Promise<void> {
    const newer = new Set<string>()
    heardMeanwhile.add(newer)
    const [waiting, served, ...joined] = await readLists().finally(() =>
      heardMeanwhile.delete(newer),
    )
    const own = [served, ...joined].flatMap(({ chats }) => chats)
    const present = new Set(own.map(({ chatId }) => chatId))
    const waits = new Set(waiting.chats.map(({ chatId }) => chatId))
    const absent = state().talks.flatMap(({ chat }) =>
      chat && !present.has(chat.chatId) ? [chat.chatId] : [],
    )
    const mayWait = (chatId: string) => waits.has(chatId) || newer.has(chatId)
    for (const chatId of declined) if (!mayWait(chatId)) declined.delete(chatId)
    change({
      offers: state().offers.filter(({ chat }) => !chat || mayWait(chat.chatId)),
    })
    for (const chat of [...waiting.chats, ...own]) if (!newer.has(chat.chatId)) show(chat)
    // They have changed hands, ended or been erased while nobody listened.
    await Promise.all(absent.map((chatId) => readOn(chatId)))
  }

  function readLists() {
    const { userId } = reader
    return Promise.all([
      ask(accountId, listChats, { query: { stage: 'waiting', limit: MAX_WAITING } }),
      ask(accountId, listChats, { query: { stage: 'active', agentId: userId, limit: MAX_SERVED } }),
      ...(['waiting', 'active'] as const).map((stage) =>
        ask(accountId, listChats, { query: { stage, managerId: userId, limit: MAX_SERVED } }),
      ),
    ])
  }

  function noteHeard(chatId: string): void {
    for (const newer of heardMeanwhile) newer.add(chatId)
  }

  /** A chat as it is now. */
  function put(chat: Chat): void {
    noteHeard(chat.chatId)
    show(chat)
  }

  function show(chat: Chat): void {
    const { chatId } = chat
    const offer = offerFromChat(reader, chat, skillIds)
    const others = state().offers.filter(({ ringId }) => ringId !== chatId)
    const isOffered = offer !== undefined && !declined.has(chatId)
    // In the order in which they wait.
    const offers = isOffered
      ? [...others, offer].toSorted(
          (a, b) =>
            Number(a.chat !== undefined) - Number(b.chat !== undefined) ||
            a.expiresAt - b.expiresAt,
        )
      : others
    if (isOffered || others.length < state().offers.length) change({ offers })
    const former = talkOf(state(), chatId)
    const talk = talkFromChat(reader, chat, former)
    if (!former && talk.status !== 'mine') return
    const talks = former
      ? state().talks.map((one) => (one === former ? talk : one))
      : [...state().talks, talk]
    change({ talks: withoutOldOnes(talks) })
    if (talk.status !== 'mine') setTyping(chatId, false)
    const isShown = state().selected === chatId && !state().entries[chatId]
    const read = isShown ? deps.load(chatId) : readOn(chatId)
    read.catch(fail)
  }

  function left(chatId: string): void {
    noteHeard(chatId)
    change({
      offers: state().offers.filter(({ ringId }) => ringId !== chatId),
      talks: state().talks.map((talk) =>
        talk.conversationId === chatId && talk.status === 'mine'
          ? { ...talk, status: 'left' as const }
          : talk,
      ),
    })
    if (talkOf(state(), chatId)) readOn(chatId).catch(fail)
  }

  /** It is not there any more, or not for this agent: what was said in it does not stay here, either. */
  function forgetChat(chatId: string): void {
    const { [chatId]: _, ...entries } = state().entries
    change({ talks: state().talks.filter((talk) => talk.conversationId !== chatId), entries })
  }

  function setTyping(chatId: string, isTyping: boolean): void {
    if (state().typing.has(chatId) === isTyping) return
    const others = [...state().typing].filter((one) => one !== chatId)
    change({ typing: new Set(isTyping ? [...others, chatId] : others) })
  }

  /** Reads what was said since the last time; never twice at once. */
  async function readOn(chatId: string, isWhole = false): Promise<void> {
    const now = reading.get(chatId)
    if (now !== undefined) {
      reading.set(chatId, isWhole || now === 'whole' ? 'whole' : 'again')
      return
    }
    if (isWhole) next.delete(chatId)
    try {
      do {
        reading.set(chatId, 'once')
        let from = next.get(chatId) ?? 0
        for (let isMore = true; isMore;) {
          const page = await ask(accountId, getChat, { params: { chatId }, query: { from } })
          take(page.chat, page.entries)
          from = (page.entries.at(-1)?.sequence ?? from - 1) + 1
          isMore = page.nextFrom !== undefined
        }
        next.set(chatId, from)
        if (reading.get(chatId) === 'whole') next.delete(chatId)
      } while (reading.get(chatId) !== 'once')
    } catch (error) {
      if (!(error instanceof ServerError) || error.code !== 'chat_not_found') throw error
      if (state().selected === chatId) fail(error)
      forgetChat(chatId)
    } finally {
      reading.delete(chatId)
    }
  }

  function take(chat: Chat, added: readonly ChatEntry[]): void {
    const { chatId } = chat
    const former = talkOf(state(), chatId)
    if (!former) return
    const talk = talkFromChat(reader, chat, former)
    change({ talks: state().talks.map((one) => (one === former ? talk : one)) })
    for (const entry of added) {
      if ('lineId' in entry && entry.lineId !== undefined) deps.cameBack(entry.lineId)
    }
    const entries = added.map((entry) => entryFromChat(reader, chat, entry))
    if (entries.some(({ role }) => role === 'CONSUMER')) setTyping(chatId, false)
    change(withEntries(state(), chatId, entries))
    deps.updated()
  }

  function heard(data: string, type: string | undefined): void {
    const body: unknown = JSON.parse(data)
    if (type === 'ready' || type === 'resync') {
      isReady = true
      list().catch(fail)
      deps.mayBeErased()
    } else if (type === 'changed') {
      const { topic, id } = Changed.parse(body)
      // A change of one names it.
      if (topic === 'conversations' && id === undefined) deps.mayBeErased()
    } else if (type === 'chat') put(Chat.parse(body))
    else if (type === 'gone') left(Gone.parse(body).chatId)
    else if (type === 'typing') {
      const { chatId, typing } = Typing.parse(body)
      setTyping(chatId, typing)
    }
  }

  const actions: TalkActions = {
    typing(chatId, isTyping) {
      if (talkOf(state(), chatId)?.status !== 'mine') return
      // A report of typing that gets lost does no harm.
      const body = { typing: isTyping }
      ask(accountId, setAgentTyping, { params: { chatId }, body }).catch(() => undefined)
    },
    async transfer(chatId, skillId, agentId) {
      const body = { skillId, ...(agentId !== undefined && { agentId }) }
      put(await ask(accountId, transferChat, { params: { chatId }, body }))
    },
    async backToQueue(chatId) {
      const skillId = talkOf(state(), chatId)?.skillId
      put(await ask(accountId, transferChat, { params: { chatId }, body: { skillId } }))
    },
    async close(chatId) {
      put(await ask(accountId, endChat, { params: { chatId } }))
    },
    async leave(chatId) {
      put(await ask(accountId, leaveChat, { params: { chatId } }))
    },
    async takeOver(chatId) {
      const params = { chatId }
      await ask(accountId, transferChat, { params, body: { agentId: reader.userId } })
      put(await ask(accountId, acceptChat, { params }))
    },
  }

  return {
    ...actions,
    /** Follows live chats, and with them whatever else the page shows. */
    connect(): void {
      stop?.abort()
      stop = new AbortController()
      const { signal } = stop
      loadPart(() => import('../../studio/api/follow-updates.ts'))
        .then(({ followUpdates }) => followUpdates(accountId, signal, heard))
        .catch(fail)
    },
    stop: (): void => stop?.abort(),
    /** Chats that are not listed any more. */
    forget(dialogs: readonly Dialog[]): void {
      for (const { dialogId } of dialogs) next.delete(dialogId)
    },
    /** The skills of the agent, as they are now. */
    setSkills(next: readonly string[]): void {
      const isSame = next.length === skillIds.length && next.every((id) => skillIds.includes(id))
      skillIds = next
      if (!isSame && isReady) list().catch(fail)
    },
    /** Reads all of it, where it is not kept any more. */
    load: (chatId: string, isKept: boolean): Promise<void> => readOn(chatId, !isKept),
    async accept({ conversationId: chatId }: Offer): Promise<void> {
      put(await ask(accountId, acceptChat, { params: { chatId } }))
    },
    decline({ conversationId: chatId }: Offer): void {
      declined.add(chatId)
      change({ offers: state().offers.filter(({ ringId }) => ringId !== chatId) })
    },
    /** @throws {ServerError} where the server does not take it */
    async publish({ key, conversationId: chatId, text, isPrivate }: Unsent) {
      const audience = isPrivate ? ('AGENTS_AND_MANAGERS' as const) : ('ALL' as const)
      const body = { text, lineId: key, audience }
      const entry = await ask(accountId, writeAgentLine, { params: { chatId }, body })
      const chat = talkOf(state(), chatId)?.chat
      return chat && entryFromChat(reader, chat, entry)
    },
  }
}
