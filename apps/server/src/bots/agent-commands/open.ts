import type { Http } from '#base/http'
import type { AgentCommandsDeps } from './deps.ts'
import { agentCommandRoutes } from './routes.ts'

/** Functions that agents call from a conversation (`spec/bots.md` 5). */
export function openAgentCommands(deps: AgentCommandsDeps) {
  return { routes: (http: Http) => agentCommandRoutes(http, deps) }
}
