import type { ConversationState } from '@parley/contract'
import { requireForConsumers } from '#identity/credentials'
import { readingBudget, type SearchFilter } from '#messaging/reading'
import { type Http, type Principal, route } from '#base/http'
import { agentStatusRecords } from './agent-status.ts'
import type { Deps } from './deps.ts'
import { historyRecord } from './history-record.ts'
import { readDirectory } from './directory.ts'
import { queueHealthOf } from './queue-health.ts'
import { searchOf } from './search.ts'
import * as specs from './specs.ts'

/** Of one answer: a page of long conversations would take the memory of the node, and its time from other accounts. */
const MAX_MESSAGES = 50_000

/** The published message history, and the present state of agents and queues, which functions read. */
export function historyRoutes(http: Http, deps: Deps): void {
  const { accounts, reading, people, clock, surveys } = deps

  async function records(
    accountId: string,
    states: readonly ConversationState[],
    wanted: readonly string[] | undefined,
  ): Promise<object[]> {
    const directory = await readDirectory(accounts, accountId)
    const now = clock.now()
    const surveyed = !wanted || wanted.includes('conversationSurveys') ? states : []
    const ids = surveyed.map(({ conversationId }) => conversationId)
    const surveysOf = await surveys(accountId, ids)
    let left = MAX_MESSAGES
    const budget = readingBudget()
    // How many each has is known before they are read.
    const countOf = ({ dialogs }: ConversationState) =>
      dialogs.reduce((sum, { nextSequence }) => sum + nextSequence, 0)
    return await Promise.all(
      states.map((state) => {
        const maxMessages = left
        left = Math.max(0, left - countOf(state))
        const found = surveysOf.get(state.conversationId) ?? []
        return historyRecord(deps, directory, state, {
          parts: wanted,
          now,
          maxMessages,
          budget,
          surveys: found,
        })
      }),
    )
  }

  async function search(principal: Principal, filter: SearchFilter) {
    const reader = await reading.readerOf(principal)
    return await reading.searchConversations(principal.accountId, reader, filter)
  }

  route(
    http.app,
    specs.searchConversations,
    async ({ params, query, body, request, principal }) => {
      const { accountId } = params
      const { contentToRetrieve } = body
      const { total, found } = await search(principal, {
        ...searchOf(body, clock.now()),
        ...query,
      })
      const page = { href: request.url, total, ...query }
      return answer(page, await records(accountId, found, contentToRetrieve))
    },
  )

  route(http.app, specs.searchConsumer, async ({ params, query, body, request, principal }) => {
    const { accountId } = params
    const { consumer: consumerId, status, contentToRetrieve } = body
    const wanted = { consumerId, ...(status && { status }), ...query }
    const { total, found } = await search(principal, wanted)
    const page = { href: request.url, total, ...query }
    return answer(page, await records(accountId, found, contentToRetrieve))
  })

  route(http.app, specs.searchConversation, async ({ params, body, request, principal }) => {
    const { accountId } = params
    const { conversationId, conversationIds = [], contentToRetrieve } = body
    const ids =
      conversationId === undefined ? conversationIds : [conversationId, ...conversationIds]
    const whole = { offset: 0, limit: Math.max(ids.length, 1) }
    const { total, found } = await search(principal, {
      conversationIds: ids,
      sort: 'start:asc',
      ...whole,
    })
    const page = { href: request.url, total, ...whole }
    return answer(page, await records(accountId, found, contentToRetrieve))
  })

  route(http.app, specs.agentStatus, async ({ params, query, body, request }) => {
    const { accountId } = params
    const found = await agentStatusRecords(deps, accountId, body)
    const { offset, limit } = query
    return {
      _metadata: metadata({ href: request.url, total: found.length, offset, limit }),
      accountID: accountId,
      agentStatusRecords: found.slice(offset, offset + limit),
    }
  })

  route(http.app, specs.setVisitorAttributes, async ({ params, query, body, principal }) => {
    requireForConsumers(principal)
    const { accountId, visitorId } = params
    await people.addVisitorAttributes(accountId, visitorId, {
      sessionId: query.sid,
      sdes: body,
    })
    return {}
  })

  route(http.app, specs.queueHealth, async ({ params, query }) =>
    queueHealthOf(deps, params.accountId, wantedSkills(query.skillIds)),
  )
}

/** `undefined` for all of them, which is published as `all`, too. */
function wantedSkills(skillIds: string | undefined): string[] | undefined {
  const ids = skillIds?.split(',').map((id) => id.trim())
  return ids?.includes('all') ? undefined : ids
}

interface Page {
  href: string
  total: number
  offset: number
  limit: number
}

function answer(page: Page, conversationHistoryRecords: object[]): object {
  return { _metadata: metadata(page), conversationHistoryRecords }
}

function metadata({ href, total, offset, limit }: Page): object {
  const at = (start: number) => {
    const url = new URL(href, 'http://localhost')
    url.searchParams.set('offset', String(start))
    url.searchParams.set('limit', String(limit))
    return `${url.pathname}${url.search}`
  }
  return {
    count: total,
    self: { rel: 'self', href },
    ...(offset + limit < total && { next: { rel: 'next', href: at(offset + limit) } }),
    ...(offset > 0 && { prev: { rel: 'prev', href: at(Math.max(0, offset - limit)) } }),
    shardsStatusResult: { partialResult: false },
  }
}
