import type { Http } from '#base/http'
import { answerTurn, tellFailure } from './answer-turn.ts'
import { CONNECTOR } from './definition.ts'
import type { ConnectorsDeps } from './deps.ts'
import { connectorRoutes } from './routes.ts'
import { testVendor } from './test-vendor.ts'

/** Bots that a function or another program answers for (`spec/bots.md` 3). Open it before `delivery.start()`. */
export function openConnectors(deps: ConnectorsDeps) {
  deps.botAgents.serve({
    kind: CONNECTOR,
    turn: (turn) => answerTurn(deps, turn),
    test: (accountId, bot) => testVendor(deps, accountId, bot),
    failed: (failure) => tellFailure(deps, failure),
  })
  return { routes: (http: Http) => connectorRoutes(http, deps) }
}
