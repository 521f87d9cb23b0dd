import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { CONNECTOR } from './definition.ts'
import type { ConnectorsDeps } from './deps.ts'
import * as connectors from './manage.ts'

export function connectorRoutes({ app }: Http, deps: ConnectorsDeps): void {
  route(app, contract.listConnectors, async ({ params }) => ({
    connectors: await connectors.list(deps, params.accountId),
  }))
  route(app, contract.createConnector, ({ params, body, principal }) =>
    connectors.create(deps, params.accountId, principal.name, body),
  )
  route(app, contract.getConnector, ({ params: { accountId, connectorId } }) =>
    connectors.read(deps, accountId, connectorId),
  )
  route(app, contract.changeConnector, ({ params: { accountId, connectorId }, body, principal }) =>
    connectors.change(deps, accountId, principal.name, connectorId, body),
  )
  route(app, contract.deleteConnector, ({ params: { accountId, connectorId } }) =>
    connectors.remove(deps, accountId, connectorId),
  )
  route(app, contract.testConnector, ({ params: { accountId, connectorId } }) =>
    connectors.test(deps, accountId, connectorId),
  )
  route(app, contract.setConnectorState, ({ params: { accountId, connectorId }, body }) =>
    connectors.setState(deps, accountId, connectorId, body.state),
  )
  route(
    app,
    contract.listConnectorErrors,
    async ({ params: { accountId, connectorId }, query }) => ({
      errors: await deps.botAgents.listErrors(accountId, connectorId, CONNECTOR, query),
    }),
  )
}
