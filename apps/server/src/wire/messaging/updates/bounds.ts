import { declareBound } from '#base/bounds'
import { TRY_AGAIN_LATER } from '#wire/messaging/format'
import type { Session } from './session.ts'

export const SHOWN_CONVERSATIONS = declareBound({
  kind: 'map',
  holds: 'conversations that a client was sent',
  limit: 10_000,
  per: 'subscription',
  beyond:
    'the least recently changed one is forgotten: the client is not told when it no longer matches',
})

export const FOLLOWED_DIALOGS = declareBound({
  kind: 'map',
  holds: 'dialogs whose messages a client follows',
  limit: 10_000,
  per: 'socket',
  beyond:
    'the least recently used one is forgotten: who is in it is sent its messages still, anybody else asks for them again',
})

export const SHOWN_RINGS = declareBound({
  kind: 'map',
  holds: 'rings that an agent was sent',
  limit: 1000,
  per: 'socket',
  beyond: 'the oldest one is forgotten: the agent is not told of its end',
})

export const HELD = declareBound({
  kind: 'list',
  holds: 'updates that wait until a client has what came before them',
  limit: 1000,
  per: 'subscription',
  beyond: 'the socket is closed; its client reads on by sequence after it has reconnected',
})

/** Ends a session that cannot be notified of everything. */
export function endLate({ connection }: Session): void {
  connection.close(TRY_AGAIN_LATER, 'Try again')
}
