import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { BoardDeps } from './deps.ts'
import { csvOfFigures } from './figures-csv.ts'
import { readBoard } from './read-board.ts'
import { readFigures } from './read-figures.ts'
import { routeConversation } from './route-conversation.ts'
import { listTransferTargets } from './transfer-targets.ts'

/** The native API of this module. */
export function boardRoutes({ app }: Http, deps: BoardDeps): void {
  route(app, contract.getBoard, ({ params, query }) => readBoard(deps, params.accountId, query))
  route(app, contract.getFigures, ({ params, query }) => readFigures(deps, params.accountId, query))
  route(app, contract.exportFigures, async ({ params, query, reply }) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="figures.csv"')
      .send(csvOfFigures(await readFigures(deps, params.accountId, query))),
  )
  route(app, contract.listTransferTargets, ({ params, query, principal }) =>
    listTransferTargets(deps, params.accountId, principal.id, query.skillId),
  )
  route(app, contract.setAgentAvailability, async ({ params: { accountId, userId }, body }) => {
    await deps.accounts.users.get(accountId, userId)
    await deps.routing.orderAvailability(accountId, userId, body.availability)
  })
  route(app, contract.routeConversation, ({ params, body, principal }) =>
    routeConversation(deps, params.accountId, principal, params.conversationId, body),
  )
}
