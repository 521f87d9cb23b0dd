import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { admitConsumer, bearerOf } from './admit-consumer.ts'
import type { ChatDeps } from './deps.ts'
import { endChatByConsumer } from './end-chat.ts'
import { listEntries } from './repository.ts'
import { startChat } from './start-chat.ts'
import type { ChatState } from './state.ts'
import { firstUnsent, streamChat } from './stream-chat.ts'
import { openSurvey, submitSurvey } from './submit-survey.ts'
import { notifyConsumerTyping } from './typing.ts'
import { consumerView } from './views.ts'
import { writeConsumerMessage } from './write-message.ts'

const CHATS = '/api/v1/accounts/:accountId/consumer/chats'

interface ConsumerCall {
  params: { accountId: string; chatId: string }
  request: { headers: { authorization?: string | undefined } }
}

/** What consumers may ask for. A request with a chat's token comes from the consumer of the chat. */
export function consumerChatRoutes(http: Http, deps: ChatDeps): void {
  void http.app.register(async (app) => {
    openToPages(app)
    mountRoutes({ app, clientAddress: http.clientAddress }, deps)
  })
}

function mountRoutes(
  { app, clientAddress }: Pick<Http, 'app' | 'clientAddress'>,
  deps: ChatDeps,
): void {
  const view = (state: ChatState) => consumerView(state, deps.clock.now())
  const admit = async ({ params, request }: ConsumerCall) =>
    await admitConsumer(deps, params.accountId, params.chatId, bearerOf(request.headers))

  route(app, contract.startConsumerChat, async ({ params, body, request }) => {
    const address = clientAddress(request.raw)
    const { token, state } = await startChat(deps, params.accountId, body, address)
    return { token, chat: view(state) }
  })
  route(app, contract.getConsumerChat, async (call) => {
    const { state } = await admit(call)
    const { accountId, chatId } = call.params
    const page = await listEntries(deps.store.db, accountId, chatId, call.query.from)
    return { ...page, chat: view(state) }
  })
  route(app, contract.streamConsumerChat, async ({ params, query, request, reply }) => {
    const { accountId, chatId } = params
    await admitConsumer(deps, accountId, chatId, query.token ?? bearerOf(request.headers))
    const from = firstUnsent(query.from, request.headers)
    streamChat(deps, accountId, chatId, deps.streams.open(reply), { side: 'CONSUMER', from, view })
    return reply
  })
  route(app, contract.writeConsumerLine, async (call) => {
    await admit(call)
    return await writeConsumerMessage(deps, call.params.accountId, call.params.chatId, call.body)
  })
  route(app, contract.setConsumerTyping, async (call) => {
    const { state } = await admit(call)
    notifyConsumerTyping(deps, call.params.accountId, state, call.body.typing)
  })
  route(app, contract.endConsumerChat, async (call) => {
    await admit(call)
    return view(await endChatByConsumer(deps, call.params.accountId, call.params.chatId))
  })
  route(app, contract.getChatSurvey, async (call) => {
    const { state } = await admit(call)
    const { form, openUntil } = openSurvey(state, deps.clock.now())
    return { form, openUntil: new Date(openUntil).toISOString() }
  })
  route(app, contract.submitChatSurvey, async (call) => {
    await admit(call)
    const { accountId, chatId } = call.params
    const { submittedAt } = await submitSurvey(deps, accountId, chatId, call.body)
    return { submittedAt: new Date(submittedAt).toISOString() }
  })
}

/** Allows pages of other origins. That is safe: a request is allowed by the chat's token, which no browser sends by itself. */
function openToPages(app: Http['app']): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'x-request-id, retry-after',
    })
  })
  for (const path of [CHATS, `${CHATS}/*`]) {
    app.options(path, (_request, reply) =>
      reply
        .headers({
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': 'authorization, content-type, last-event-id',
          'access-control-max-age': '86400',
        })
        .code(204)
        .send(),
    )
  }
}
