import * as contract from '@parley/contract'
import { type Http, requireHeld, route } from '#base/http'
import type { InvitationsDeps } from './deps.ts'
import { end, invite, list } from './invite.ts'
import { read, take } from './take.ts'

/** Invitations by the native API. */
export function invitationRoutes({ app, clientAddress }: Http, deps: InvitationsDeps): void {
  const { accounts } = deps
  route(app, contract.listInvitations, async ({ params }) => ({
    invitations: await list(deps, params.accountId),
  }))
  route(app, contract.createInvitation, async ({ params, body, principal }) => {
    const { accountId } = params
    const user = await accounts.users.get(accountId, params.userId)
    // Who has the link can be that user.
    requireHeld(principal, await accounts.permissionsOf(accountId, user.userId))
    return await invite(deps, accountId, principal.name, user, body)
  })
  route(app, contract.deleteInvitation, async ({ params, principal }) => {
    const { accountId } = params
    const user = await accounts.users.get(accountId, params.userId)
    requireHeld(principal, await accounts.permissionsOf(accountId, user.userId))
    await end(deps, accountId, principal.name, user)
  })
  route(app, contract.readInvitation, ({ params, body, request }) =>
    read(deps, params.accountId, { ...body, address: clientAddress(request.raw) }),
  )
  route(app, contract.takeInvitation, ({ params, body, request }) =>
    take(deps, params.accountId, { ...body, address: clientAddress(request.raw) }),
  )
}
