import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { HistoryDeps } from './deps.ts'
import { readChatTimeline } from './read-chat-timeline.ts'
import { getWhole, listSummaries } from './read-conversations.ts'
import { listRunsOf } from './list-runs.ts'
import { readTimeline } from './read-timeline.ts'
import { viewerOf } from './viewer.ts'

export function historyRoutes({ app }: Http, deps: HistoryDeps): void {
  route(app, contract.listConversations, async ({ params, query, principal }) =>
    listSummaries(deps, params.accountId, await viewerOf(deps, principal), query),
  )
  route(app, contract.getConversation, async ({ params, principal }) =>
    getWhole(deps, params.accountId, await viewerOf(deps, principal), params.conversationId),
  )
  route(app, contract.readTimeline, async ({ params, query, principal }) => {
    const viewer = await viewerOf(deps, principal)
    return readTimeline(deps, params.accountId, viewer, params.conversationId, query)
  })
  route(app, contract.readChatTimeline, async ({ params, query, principal }) => {
    const viewer = await viewerOf(deps, principal)
    return readChatTimeline(deps, params.accountId, viewer, params.chatId, query)
  })
  route(app, contract.listConversationRuns, async ({ params, query, principal }) => {
    const { reader } = await viewerOf(deps, principal)
    return listRunsOf(deps, params.accountId, reader, params.conversationId, query.limit)
  })
}
