import * as contract from '@parley/contract'
import { guarded, type Http, route } from '#base/http'
import type { UpdatesDeps } from './deps.ts'
import { placeOf } from './place.ts'
import { streamUpdates } from './stream-updates.ts'
import { requireChats, topicsFor } from './topics.ts'

export function updateRoutes({ app }: Http, deps: UpdatesDeps): void {
  route(app, contract.streamUpdates, async ({ params, query, principal, request, reply }) => {
    const { accountId } = params
    const { topics: wanted, after, chats: withChats, ...filter } = query
    const topics = topicsFor(principal, wanted)
    if (withChats) requireChats(principal)
    const since = placeOf(request.headers, after)
    let reader = await deps.reading.readerOf(principal)
    const stream = deps.streams.open(reply)
    let chats: ReturnType<UpdatesDeps['chat']['streamChatsTo']> | undefined
    const updates = streamUpdates(deps, accountId, stream, {
      topics,
      filter,
      since,
      reader: () => reader,
      async before() {
        const who = { principal, reader: () => reader }
        if (withChats) chats = deps.chat.streamChatsTo(accountId, stream, who)
        await chats?.ready
      },
    })
    const watched = deps.accounts.watchCall({
      accountId,
      request: guarded(request),
      async check(caller) {
        topicsFor(caller, topics)
        if (withChats) requireChats(caller)
        const now = await deps.reading.readerOf(caller)
        const hasOtherSight = JSON.stringify(now) !== JSON.stringify(reader)
        reader = now
        if (!hasOtherSight) return
        updates.sightChanged()
        // Before it is there, it begins with what the caller may see by then.
        chats?.resync()
      },
      end: stream.end,
    })
    stream.onClose(() => {
      watched[Symbol.dispose]()
      updates[Symbol.dispose]()
    })
    return reply
  })
}
