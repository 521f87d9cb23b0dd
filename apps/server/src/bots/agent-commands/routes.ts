import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { AgentCommandsDeps } from './deps.ts'
import { listCommands } from './list-commands.ts'
import { runCommand } from './run-command.ts'

export function agentCommandRoutes({ app }: Http, deps: AgentCommandsDeps): void {
  route(app, contract.listAgentCommands, async ({ params }) => ({
    commands: await listCommands(deps, params.accountId),
  }))
  route(app, contract.runAgentCommand, ({ params, principal, body }) =>
    runCommand(deps, principal, params, body),
  )
}
