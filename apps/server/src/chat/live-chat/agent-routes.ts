import * as contract from '@parley/contract'
import { guarded, type Http, route, type RouteCall } from '#base/http'
import { acceptChat } from './accept-chat.ts'
import { getSeenChat, listChats, maySeeChat } from './chat-sight.ts'
import type { ChatDeps } from './deps.ts'
import { endChatByAgent } from './end-chat.ts'
import { eraseChat } from './erase-chats.ts'
import type { EventStream } from '#base/kit'
import type { Reader } from '#messaging/reading'
import { joinChat, leaveChat } from './join-chat.ts'
import { listEntries } from './repository.ts'
import { agentIdOf } from './serving.ts'
import type { ChatState } from './state.ts'
import { type ChatView, firstUnsent, streamChat, streamChats, userIdOf } from './stream-chat.ts'
import { transferChat } from './transfer-chat.ts'
import { agentView } from './views.ts'
import { notifyAgentTyping, writeAgentMessage } from './write-message.ts'

export function agentChatRoutes({ app }: Http, deps: ChatDeps): void {
  const view = (state: ChatState) => agentView(state, deps.clock.now())
  const { db } = deps.store

  type Streamed = typeof contract.streamChat | typeof contract.streamChats
  interface OpenedStream {
    stream: EventStream
    /** What the caller may see of a chat now. */
    view: ChatView
    readerNow(): Promise<Reader>
  }
  /** One chat, or all: then it is called when the caller may see others than before. */
  type StreamedChats = { chatId: string } | { sightChanged(): void }
  /** The stream ends when the caller loses the permission, its session or, where there is one, the sight of the chat. */
  function openStream(
    { params, request, reply, principal }: RouteCall<Streamed>,
    streamed: StreamedChats,
  ): OpenedStream {
    const { accountId } = params
    let caller = principal
    let sight: string | undefined
    const readerNow = () => deps.reading.readerOf(caller)
    const stream = deps.streams.open(reply)
    const watched = deps.accounts.watchCall({
      accountId,
      request: guarded(request),
      permission: contract.streamChats.auth,
      async check(found) {
        caller = found
        const reader = await readerNow()
        const before = sight
        sight = JSON.stringify(reader)
        if ('chatId' in streamed) await getSeenChat(db, accountId, reader, streamed.chatId)
        else if (before !== undefined && before !== sight) streamed.sightChanged()
      },
      end: stream.end,
    })
    stream.onClose(() => watched[Symbol.dispose]())
    const viewNow: ChatView = async (state) =>
      maySeeChat(await readerNow(), state) ? view(state) : undefined
    return { stream, view: viewNow, readerNow }
  }

  route(app, contract.listChats, async ({ params, query, principal }) =>
    listChats(deps, params.accountId, await deps.reading.readerOf(principal), query),
  )
  route(app, contract.getChat, async ({ params: { accountId, chatId }, query, principal }) => {
    const reader = await deps.reading.readerOf(principal)
    const { state } = await getSeenChat(db, accountId, reader, chatId)
    const page = await listEntries(db, accountId, chatId, query.from)
    return { ...page, chat: view(state) }
  })
  route(app, contract.streamChat, async (call) => {
    const { accountId, chatId } = call.params
    const reader = await deps.reading.readerOf(call.principal)
    await getSeenChat(db, accountId, reader, chatId)
    const from = firstUnsent(call.query.from, call.request.headers)
    const opened = openStream(call, { chatId })
    streamChat(deps, accountId, chatId, opened.stream, { side: 'AGENT', from, view: opened.view })
    return call.reply
  })
  route(app, contract.streamChats, async (call) => {
    const sightChanged = () => chats.resync()
    const { stream, view: seen, readerNow } = openStream(call, { sightChanged })
    const agentId = userIdOf(call.principal)
    const listener = { view: seen, reader: readerNow, agentId }
    const chats = streamChats(deps, call.params.accountId, stream, listener)
    await chats.ready
    void stream.send('ready', {})
    return call.reply
  })
  route(app, contract.acceptChat, async ({ params: { accountId, chatId }, principal }) =>
    view(await acceptChat(deps, accountId, agentIdOf(principal), chatId)),
  )
  route(app, contract.writeAgentLine, ({ params: { accountId, chatId }, principal, body }) =>
    writeAgentMessage(deps, accountId, principal, chatId, body),
  )
  route(app, contract.setAgentTyping, ({ params: { accountId, chatId }, principal, body }) =>
    notifyAgentTyping(deps, accountId, principal, chatId, body.typing),
  )
  route(app, contract.transferChat, async ({ params: { accountId, chatId }, principal, body }) =>
    view(await transferChat(deps, accountId, principal, chatId, body)),
  )
  route(app, contract.joinChat, async ({ params: { accountId, chatId }, principal }) =>
    view(await joinChat(deps, accountId, principal, chatId)),
  )
  route(app, contract.leaveChat, async ({ params: { accountId, chatId }, principal }) =>
    view(await leaveChat(deps, accountId, principal, chatId)),
  )
  route(app, contract.endChat, async ({ params: { accountId, chatId }, principal }) =>
    view(await endChatByAgent(deps, accountId, principal, chatId)),
  )
  route(app, contract.eraseChat, ({ params: { accountId, chatId } }) =>
    eraseChat(deps, accountId, chatId),
  )
}
