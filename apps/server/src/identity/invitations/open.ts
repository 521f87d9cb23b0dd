import type { Http } from '#base/http'
import type { InvitationsDeps } from './deps.ts'
import { invitationRoutes } from './routes.ts'

export function openInvitations(deps: InvitationsDeps) {
  return { routes: (http: Http): void => invitationRoutes(http, deps) }
}
