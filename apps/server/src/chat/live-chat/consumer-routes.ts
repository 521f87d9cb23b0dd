import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { admitConsumer, bearerOf } from './admit-consumer.ts'
import type { ChatRoom } from './deps.ts'
import { endChatByConsumer } from './end-chat.ts'
import type { EventStreams } from './event-streams.ts'
import { firstUnsent } from './first-unsent.ts'
import { listEntries } from './repository.ts'
import { startChat } from './start-chat.ts'
import type { ChatState } from './state.ts'
import { streamChat } from './stream-chat.ts'
import { openToPages } from './open-to-pages.ts'
import { openSurvey, submitSurvey } from './submit-survey.ts'
import { tellConsumerTyping } from './typing.ts'
import { consumerView } from './views.ts'
import { writeConsumerLine } from './write-line.ts'

interface ConsumerCall {
  params: { accountId: string; chatId: string }
  request: { headers: { authorization?: string | undefined } }
}

/** The consumer's face of live chat: whoever has a chat's token is its consumer. */
export function consumerChatRoutes(http: Http, room: ChatRoom, streams: EventStreams): void {
  void http.app.register(async (app) => {
    openToPages(app)
    mountRoutes({ app, clientAddress: http.clientAddress }, room, streams)
  })
}

function mountRoutes(
  { app, clientAddress }: Pick<Http, 'app' | 'clientAddress'>,
  room: ChatRoom,
  streams: EventStreams,
): void {
  const view = (state: ChatState) => consumerView(state, room.clock.now())
  const admit = async ({ params, request }: ConsumerCall) =>
    await admitConsumer(room, params.accountId, params.chatId, bearerOf(request.headers))

  route(app, contract.startConsumerChat, async ({ params, body, request }) => {
    const address = clientAddress(request.raw)
    const { token, state } = await startChat(room, params.accountId, body, address)
    return { token, chat: view(state) }
  })
  route(app, contract.getConsumerChat, async (call) => {
    const { state } = await admit(call)
    const { accountId, chatId } = call.params
    const page = await listEntries(room.store.db, accountId, chatId, call.query.from)
    return { ...page, chat: view(state) }
  })
  route(app, contract.streamConsumerChat, async ({ params, query, request, reply }) => {
    const { accountId, chatId } = params
    await admitConsumer(room, accountId, chatId, query.token ?? bearerOf(request.headers))
    const from = firstUnsent(query.from, request.headers)
    streamChat(room, accountId, chatId, streams.open(reply), { side: 'CONSUMER', from, view })
    return reply
  })
  route(app, contract.writeConsumerLine, async (call) => {
    await admit(call)
    return await writeConsumerLine(room, call.params.accountId, call.params.chatId, call.body)
  })
  route(app, contract.setConsumerTyping, async (call) => {
    const { state } = await admit(call)
    tellConsumerTyping(room, call.params.accountId, state, call.body.typing)
  })
  route(app, contract.endConsumerChat, async (call) => {
    await admit(call)
    return view(await endChatByConsumer(room, call.params.accountId, call.params.chatId))
  })
  route(app, contract.getChatSurvey, async (call) => {
    const { state } = await admit(call)
    const { form, openUntil } = openSurvey(state, room.clock.now())
    return { form, openUntil: new Date(openUntil).toISOString() }
  })
  route(app, contract.submitChatSurvey, async (call) => {
    await admit(call)
    const { accountId, chatId } = call.params
    const { submittedAt } = await submitSurvey(room, accountId, chatId, call.body)
    return { submittedAt: new Date(submittedAt).toISOString() }
  })
}
