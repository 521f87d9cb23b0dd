import { messageOf } from '#kernel'
import type { Deps } from './deps.ts'
import type { Session } from './session.ts'
import { tellFirst } from './tell-conversations.ts'
import { messageFrames, tellMessages } from './tell-messages.ts'

/** Shows a socket what it may have missed while other nodes could not be heard. */
export function catchUp(deps: Deps, session: Session): void {
  const work = Promise.all([readConversations(deps, session), readMessages(deps, session)])
  work.catch((error: unknown) => {
    deps.logger.warn({ err: error }, `A socket has not caught up: ${messageOf(error)}`)
    // The client reads from its last sequence on when it comes back.
    session.connection.close(1013, 'Try again')
  })
}

async function readConversations({ conversations }: Deps, session: Session): Promise<void> {
  for (const subscription of session.conversations.values()) {
    subscription.held ??= []
    const found = await conversations.list(session.accountId, session.reader, {})
    tellFirst(session, subscription, found)
  }
}

async function readMessages({ conversations }: Deps, session: Session): Promise<void> {
  const { accountId, reader } = session
  for (const [dialogId, cursor] of session.cursors) {
    if (cursor.held) continue
    const state = await conversations.getByDialog(accountId, reader, dialogId)
    const { conversationId } = state
    const range = { conversationId, dialogId, from: cursor.next }
    const messages = await conversations.messages(accountId, reader, range)
    tellMessages(
      session,
      { accountId, conversationId, version: 0, state, messages },
      messageFrames(accountId),
    )
  }
}
