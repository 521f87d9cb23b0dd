import * as contract from '@parley/contract'
import { guarded, type Http, route, type RouteCall } from '#base/http'
import { ParleyError } from '#base/kernel'
import { acceptChat } from './accept-chat.ts'
import type { ChatDeps } from './deps.ts'
import { endChatByAgent } from './end-chat.ts'
import { eraseChat } from './erase-chats.ts'
import type { EventStream } from '#base/kit'
import { listChats } from './list-chats.ts'
import { findChat, listEntries } from './repository.ts'
import { agentIdOf } from './serving.ts'
import type { ChatState } from './state.ts'
import { firstUnsent, streamChat, streamChats } from './stream-chat.ts'
import { transferChat } from './transfer-chat.ts'
import { notifyAgentTyping } from './typing.ts'
import { agentView } from './views.ts'
import { writeAgentMessage } from './write-message.ts'

export function agentChatRoutes({ app }: Http, deps: ChatDeps): void {
  const view = (state: ChatState) => agentView(state, deps.clock.now())
  const get = async (accountId: string, chatId: string) => {
    const chat = await findChat(deps.store.db, accountId, chatId)
    if (!chat) throw new ParleyError('chat_not_found', `No chat "${chatId}"`)
    return chat.state
  }

  type Streamed = typeof contract.streamChat | typeof contract.streamChats
  /** The stream ends when the caller loses the permission or its session. */
  function openStream({ params, request, reply }: RouteCall<Streamed>): EventStream {
    const stream = deps.streams.open(reply)
    const watched = deps.accounts.watchCall({
      accountId: params.accountId,
      request: guarded(request),
      permission: contract.streamChats.auth,
      end: stream.end,
    })
    stream.onClose(() => watched[Symbol.dispose]())
    return stream
  }

  route(app, contract.listChats, ({ params, query }) => listChats(deps, params.accountId, query))
  route(app, contract.getChat, async ({ params: { accountId, chatId }, query }) => {
    const state = await get(accountId, chatId)
    const page = await listEntries(deps.store.db, accountId, chatId, query.from)
    return { ...page, chat: view(state) }
  })
  route(app, contract.streamChat, async (call) => {
    const { accountId, chatId } = call.params
    await get(accountId, chatId)
    const from = firstUnsent(call.query.from, call.request.headers)
    streamChat(deps, accountId, chatId, openStream(call), { side: 'AGENT', from, view })
    return call.reply
  })
  route(app, contract.streamChats, (call) => {
    streamChats(deps, call.params.accountId, openStream(call), view)
    return call.reply
  })
  route(app, contract.acceptChat, async ({ params: { accountId, chatId }, principal }) =>
    view(await acceptChat(deps, accountId, agentIdOf(principal), chatId)),
  )
  route(app, contract.writeAgentLine, ({ params: { accountId, chatId }, principal, body }) =>
    writeAgentMessage(deps, accountId, agentIdOf(principal), chatId, body),
  )
  route(app, contract.setAgentTyping, ({ params: { accountId, chatId }, principal, body }) =>
    notifyAgentTyping(deps, accountId, agentIdOf(principal), chatId, body.typing),
  )
  route(app, contract.transferChat, async ({ params: { accountId, chatId }, principal, body }) =>
    view(await transferChat(deps, accountId, agentIdOf(principal), chatId, body)),
  )
  route(app, contract.endChat, async ({ params: { accountId, chatId }, principal }) =>
    view(await endChatByAgent(deps, accountId, principal, chatId)),
  )
  route(app, contract.eraseChat, ({ params: { accountId, chatId } }) =>
    eraseChat(deps, accountId, chatId),
  )
}
