import { messageOf, ParleyError } from '#base/kernel'
import { TRY_AGAIN_LATER } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import { notifyAgentState } from './notify-agent-state.ts'
import type { Session } from './session.ts'
import { notifyAgain } from './notify-conversations.ts'
import { messageFrames, notifyMessages } from './notify-messages.ts'
import { asRung, notifyRings } from './notify-rings.ts'

/** Shows a socket what it may have missed while other nodes could not be heard. */
export function catchUp(deps: Deps, session: Session): void {
  const work = Promise.all([
    readConversations(deps, session),
    readMessages(deps, session),
    readRings(deps, session),
    session.agentStates &&
      notifyAgentState(deps, session, session.agentStates.userId ?? session.reader.userId),
  ])
  work.catch((error: unknown) => {
    deps.logger.warn({ err: error }, `A socket has not caught up: ${messageOf(error)}`)
    // The client reads from its last sequence on when it comes back.
    session.connection.close(TRY_AGAIN_LATER, 'Try again')
  })
}

async function readConversations({ reading }: Deps, session: Session): Promise<void> {
  for (const subscription of session.conversations?.values() ?? []) {
    subscription.held ??= []
    notifyAgain(
      session,
      subscription,
      await reading.readConversations(session.accountId, session.reader, {}),
    )
  }
}

async function readMessages({ reading }: Deps, session: Session): Promise<void> {
  const { accountId, reader } = session
  for (const [dialogId, cursor] of session.cursors ?? []) {
    if (cursor.held) continue
    // What is told meanwhile is later than what was missed.
    cursor.held = []
    const state = await unlessGone(reading.getConversationOfDialog(accountId, reader, dialogId))
    if (!state) {
      session.cursors?.delete(dialogId)
      continue
    }
    const { conversationId } = state
    const range = { conversationId, dialogId, from: cursor.next }
    const missed = await reading.readMessages(accountId, reader, range)
    const messages = [...missed, ...cursor.held]
    cursor.held = undefined
    const update = { accountId, conversationId, version: 0, state, messages }
    notifyMessages(session, update, messageFrames(accountId))
  }
}

/** Rings that have begun, and those that are over. */
async function readRings({ reading, routing }: Deps, session: Session): Promise<void> {
  const { accountId, reader, routing: subscription } = session
  if (!subscription) return
  const { slots } = await routing.findAgent(accountId, reader.userId)
  const shown = [...subscription.shown].map((ringId) => ringId.split('_', 1)[0] ?? '')
  for (const conversationId of new Set([...slots, ...shown])) {
    const asked = reading.getConversation(accountId, asRung(reader), conversationId)
    const state = await unlessGone(asked)
    if (state) notifyRings(session, state)
  }
}

/** `undefined` for what has been erased, or may not be seen any more. */
async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ParleyError && error.status === 404) return undefined
    throw error
  }
}
