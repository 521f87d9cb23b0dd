import { type Request, requestName } from '#wire/messaging/format'
import type { AgentSession } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'

type Noting = Pick<Deps, 'audit'>

/** Before a change by who acts for another: it is in the audit under both names. */
export function noteActing(
  { audit }: Noting,
  { accountId, caller }: AgentSession,
  request: Request,
): Promise<void> {
  const entry = { action: requestName(request.type), object: objectOf(request) }
  return audit.note(accountId, { ...whoOf(caller), ...entry })
}

/** A change that an agent had no right to. */
export function noteRefused(
  { audit }: Noting,
  { accountId, caller }: AgentSession,
  request: Request,
): void {
  audit.tally(accountId, {
    ...whoOf(caller),
    action: 'request.refused',
    object: requestName(request.type),
    outcome: 'refused',
    details: { object: objectOf(request) },
  })
}

function whoOf({ principal, address }: AgentSession['caller']) {
  return { actor: principal.name, address, via: principal.via ?? null }
}

/** The conversation, where the request names one as the server does. */
function objectOf({ body }: Request): string {
  const named = (name: string) =>
    typeof body === 'object' && body !== null ? (Reflect.get(body, name) as unknown) : undefined
  const id = named('dialogId') ?? named('conversationId')
  return typeof id === 'string' && /^[\w-]{1,100}$/.test(id) ? `conversation:${id}` : 'messaging'
}
