import * as contract from '@parley/contract'
import { type Http, route, type RouteCall, routesForPages } from '#base/http'
import { admitConsumer, bearerOf } from './admit-consumer.ts'
import type { ChatDeps } from './deps.ts'
import { endChatByConsumer } from './end-chat.ts'
import { listEntries, type StoredChat } from './repository.ts'
import { startChat } from './start-chat.ts'
import type { ChatState } from './state.ts'
import { firstUnsent, streamChat } from './stream-chat.ts'
import { openSurvey, submitSurvey } from './submit-survey.ts'
import { consumerView } from './views.ts'
import { notifyConsumerTyping, writeConsumerMessage } from './write-message.ts'

const CHATS = '/api/v1/accounts/:accountId/consumer/chats'
/** What pages of other sites ask for. */
const ASKED_BY_PAGES = {
  methods: 'GET, POST',
  headers: 'authorization, content-type, last-event-id',
  paths: [CHATS, `${CHATS}/*`],
}

interface ConsumerRequest {
  params: unknown
  headers: { authorization?: string | undefined }
}

/** What consumers may ask for. A request with a chat's token comes from the consumer of the chat. */
export function consumerChatRoutes(http: Http, deps: ChatDeps): void {
  routesForPages(http, ASKED_BY_PAGES, (app) =>
    mountRoutes({ app, clientAddress: http.clientAddress }, deps),
  )
}

function mountRoutes(
  { app, clientAddress }: Pick<Http, 'app' | 'clientAddress'>,
  deps: ChatDeps,
): void {
  const view = (state: ChatState) => consumerView(state, deps.clock.now())
  const admit = async ({ params, headers }: ConsumerRequest, token = bearerOf(headers)) => {
    const { accountId, chatId } = params as { accountId: string; chatId: string }
    return await admitConsumer(deps, accountId, chatId, token)
  }
  const admitToken = (request: ConsumerRequest & { query: unknown }) => {
    const { token } = request.query as { token?: unknown }
    return admit(request, typeof token === 'string' ? token : undefined)
  }

  route(app, contract.startConsumerChat, async ({ params, body, request }) => {
    await deps.accounts.getAccount(params.accountId)
    const address = clientAddress(request.raw)
    const { token, state } = await startChat(deps, params.accountId, body, address)
    return { token, chat: view(state) }
  })
  const show = async (call: RouteCall<typeof contract.getConsumerChat, StoredChat>) => {
    const { accountId, chatId } = call.params
    const page = await listEntries(deps.store.db, accountId, chatId, call.query.from)
    const entries = page.entries.filter(contract.isShared)
    return { ...page, entries, chat: view(call.admitted.state) }
  }
  route(app, contract.getConsumerChat, show, admit)
  const stream = ({ params, query, ...call }: RouteCall<typeof contract.streamConsumerChat>) => {
    const { accountId, chatId } = params
    const { request, reply } = call
    const from = firstUnsent(query.from, request.headers)
    streamChat(deps, accountId, chatId, deps.streams.open(reply), { side: 'CONSUMER', from, view })
    return reply
  }
  route(app, contract.streamConsumerChat, stream, admitToken)
  route(
    app,
    contract.writeConsumerLine,
    ({ params, body }) => writeConsumerMessage(deps, params.accountId, params.chatId, body),
    admit,
  )
  route(
    app,
    contract.setConsumerTyping,
    ({ params, body, admitted }) =>
      notifyConsumerTyping(deps, params.accountId, admitted.state, body.typing),
    admit,
  )
  const end = async ({ params }: RouteCall<typeof contract.endConsumerChat>) =>
    view(await endChatByConsumer(deps, params.accountId, params.chatId))
  route(app, contract.endConsumerChat, end, admit)
  const showSurvey = ({ admitted }: RouteCall<typeof contract.getChatSurvey, StoredChat>) => {
    const { form, openUntil } = openSurvey(admitted.state, deps.clock.now())
    return { form, openUntil: new Date(openUntil).toISOString() }
  }
  route(app, contract.getChatSurvey, showSurvey, admit)
  const submit = async ({ params, body }: RouteCall<typeof contract.submitChatSurvey>) => {
    const { submittedAt } = await submitSurvey(deps, params.accountId, params.chatId, body)
    return { submittedAt: new Date(submittedAt).toISOString() }
  }
  route(app, contract.submitChatSurvey, submit, admit)
}
