import { type Http, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'
import { openToPages } from './look-up-routes.ts'
import * as specs from './specs.ts'

/** The public profile of an agent: the nickname, the picture, and nothing that helps to log in. */
export function profileRoutes(http: Http, { accounts }: Deps): void {
  route(http.app, specs.agentProfile, async ({ params, reply }) => {
    openToPages(reply)
    const user = await accounts.users.find(params.accountId, params.pid)
    if (!user) throw new ParleyError('not_found', `There is no user "${params.pid}"`)
    const { pid, nickname, kind, pictureUrl } = user
    return { id: pid, pid, nickname, isBot: kind === 'bot', ...(pictureUrl && { pictureUrl }) }
  })
}
