import { personOf } from '../names.ts'
import type { ScriptSide } from '../script-api.ts'
import type { Session } from '../session.ts'
import type { StoredEntry } from '../state.ts'
import { textOf } from '../transcript.ts'
import { unreadCount } from './timeline.ts'

/** Tells the scripts of the page around what happens in a session. */
export function tellScripts(session: Session, { emit }: Pick<ScriptSide, 'emit'>): void {
  let unread = 0
  let conversation = ''
  session.onMessage((entry) =>
    emit('message', { by: authorOf(session, entry), text: textOf(entry.content) }),
  )
  session.subscribe(() => {
    const state = session.state()
    const count = unreadCount(state)
    if (count !== unread) {
      unread = count
      emit('unread', { count })
    }
    if (!state.conversation) return
    const { conversationId, stage } = state.conversation
    if (`${conversationId} ${stage}` === conversation) return
    conversation = `${conversationId} ${stage}`
    emit('conversation', { conversationId, state: stage === 'OPEN' ? 'OPEN' : 'CLOSE' })
  })
}

function authorOf(session: Session, entry: StoredEntry) {
  if (entry.role === 'CONSUMER') return 'consumer'
  if (entry.role === 'CONTROLLER') return 'automatic'
  return personOf(session.state(), entry).isBot ? 'bot' : 'person'
}
