import { type Http, route } from '#base/http'
import type { Deps } from './deps.ts'
import { openToPages } from './look-up-routes.ts'
import * as specs from './specs.ts'

/** The public profile of an agent: the nickname, and nothing that helps to log in. */
export function profileRoutes(http: Http, { accounts }: Deps): void {
  route(http.app, specs.agentProfile, async ({ params, reply }) => {
    openToPages(reply)
    const { pid, nickname, kind } = await accounts.users.get(params.accountId, params.pid)
    return { id: pid, pid, nickname, isBot: kind === 'bot' }
  })
}
