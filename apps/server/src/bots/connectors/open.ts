import type { Http } from '#base/http'
import { answerTurn, tellFailure } from './answer-turn.ts'
import { CONNECTOR } from './definition.ts'
import type { ConnectorsDeps, OpenConnectorsDeps } from './deps.ts'
import { openEndpointTokens } from './endpoint-tokens.ts'
import { connectorRoutes } from './routes.ts'
import { testVendor } from './test-vendor.ts'

/** Bots that a function or another program answers for (`spec/bots.md` 3). Open it before `delivery.start()`. */
export function openConnectors(given: OpenConnectorsDeps) {
  const deps: ConnectorsDeps = { ...given, tokens: openEndpointTokens() }
  deps.botAgents.serve({
    kind: CONNECTOR,
    turn: (turn) => answerTurn(deps, turn),
    test: (accountId, bot) => testVendor(deps, accountId, bot),
    failed: (failure) => tellFailure(deps, failure),
  })
  return { routes: (http: Http) => connectorRoutes(http, deps) }
}
