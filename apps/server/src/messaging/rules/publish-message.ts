import type {
  Answerer,
  ConversationState,
  Dialog,
  Originator,
  StoredMessage,
} from '@parley/contract'
import { invalid, ParleyError } from '#base/kernel'
import type { Actor } from './actor.ts'
import { type Decision, findParticipant, getDialog, note } from './decision.ts'
import { endManualEttr, refreshEffectiveTtr } from './time-to-respond.ts'
import { countUnread } from './unread.ts'

/** What a client or a bot publishes in a dialog. With sequence, time and originator it becomes a message. */
export interface Publication {
  dialogId: string
  event: StoredMessage['event']
  metadata?: StoredMessage['metadata']
  encodedMetadata?: string | undefined
  audience?: StoredMessage['audience'] | undefined
  cause?: StoredMessage['cause']
}

const CONTENT = new Set(['ContentEvent', 'RichContentEvent'])

/** Whether it says something, and is no receipt. */
export function isContent({ event }: Pick<Publication, 'event'>): boolean {
  return CONTENT.has(event.type)
}

/** Content and accept-status events share one counter per dialog. Only content decides whose answer is awaited. */
export function publishMessage(
  decision: Decision,
  actor: Actor,
  publication: Publication,
): StoredMessage {
  const { state, at } = decision
  const dialog = getDialog(state, publication.dialogId)
  const content = isContent(publication)
  const audience = publication.audience ?? 'ALL'
  const originator = writerOf(decision, actor, publication, content)
  if (dialog.state === 'CLOSE' && content) {
    throw new ParleyError('dialog_closed', `Dialog "${dialog.dialogId}" is closed`)
  }
  if (audience === 'AGENTS_AND_MANAGERS' && actor.kind === 'consumer') {
    throw new ParleyError('forbidden', 'A consumer cannot write private messages')
  }
  requireMessages(dialog, publication)
  const message = append(decision, originator, { ...publication, audience }, actor)
  if (dialog.type === 'MAIN') countUnread(state, message)
  if (content) {
    takeTurn(decision, message)
    note(
      decision,
      {
        kind: 'message',
        dialogId: dialog.dialogId,
        sequence: message.sequence,
        role: originator.role,
      },
      originator,
    )
  }
  dialog.updatedAt = at
  return message
}

/** The Controller Bot's message: it changes neither whose answer is awaited nor the TTR, and may follow the close of MAIN. */
export function publishAutomaticMessage(
  decision: Decision,
  originator: Originator,
  publication: Publication,
): StoredMessage {
  const message = append(decision, originator, { ...publication, audience: 'ALL' })
  if (publication.cause && !publication.cause.isDefault) noteAnswer(decision.state, 'function')
  note(
    decision,
    {
      kind: 'message',
      dialogId: message.dialogId,
      sequence: message.sequence,
      role: originator.role,
    },
    originator,
  )
  return message
}

/** Clients take a receipt for one of all that came before, too: what is written later would count as read. */
function requireMessages({ nextSequence }: Dialog, { event }: Publication): void {
  if (event.type !== 'AcceptStatusEvent' || !Array.isArray(event.sequenceList)) return
  const missing = event.sequenceList.find((one) => typeof one !== 'number' || one >= nextSequence)
  if (missing === undefined) return
  throw invalid('body.event.sequenceList', `the dialog has no message ${String(missing)}`)
}

function writerOf(
  { state }: Decision,
  actor: Actor,
  { dialogId }: Publication,
  content: boolean,
): Originator {
  const dialog = getDialog(state, dialogId)
  const participant = findParticipant(dialog, actor.userId)
  if (!participant) {
    throw new ParleyError('not_participant', `Not a participant of dialog "${dialogId}"`)
  }
  if (content && participant.role === 'READER') {
    throw new ParleyError('forbidden', 'A reader cannot write')
  }
  return { userId: participant.userId, pid: participant.pid, role: participant.role }
}

function append(
  { state, at, messages }: Decision,
  originator: Originator,
  publication: Publication & { audience: StoredMessage['audience'] },
  actor?: Actor,
): StoredMessage {
  const dialog = getDialog(state, publication.dialogId)
  const message: StoredMessage = {
    conversationId: state.conversationId,
    dialogId: dialog.dialogId,
    sequence: dialog.nextSequence,
    at,
    originator,
    event: publication.event,
    audience: publication.audience,
    ...(publication.metadata && { metadata: publication.metadata }),
    ...(publication.encodedMetadata && { encodedMetadata: publication.encodedMetadata }),
    ...(publication.cause && { cause: publication.cause }),
    ...(actor?.clientProperties && { clientProperties: actor.clientProperties }),
  }
  dialog.nextSequence += 1
  state.updatedAt = at
  messages.push(message)
  if (message.audience === 'ALL' && isContent(message)) {
    state.lastContent = {
      sequence: message.sequence,
      dialogId: message.dialogId,
      at,
      originator,
      event: message.event,
      ...(message.clientProperties && { clientProperties: message.clientProperties }),
    }
  }
  return message
}

/** A consumer's message awaits an answer of an agent; an agent's public message one of the consumer. */
function takeTurn(decision: Decision, { dialogId, originator, audience }: StoredMessage): void {
  const { state, at } = decision
  if (getDialog(state, dialogId).type !== 'MAIN' || audience !== 'ALL') return
  if (originator.role === 'CONSUMER') {
    state.lastConsumerMessageAt = at
    if (state.unansweredSince === undefined) endManualEttr(decision)
    state.unansweredSince ??= at
    delete state.consumerPendingSince
  } else {
    const isBot = state.servedByBot && originator.userId === state.assignedAgentId
    noteAnswer(state, isBot ? 'bot' : 'person')
    state.lastAgentMessageAt = at
    state.consumerPendingSince = at
    delete state.unansweredSince
    delete state.awaitedFrom
  }
  refreshEffectiveTtr(state)
}

function noteAnswer(state: ConversationState, by: Answerer): void {
  const { answeredBy = [] } = state
  if (!answeredBy.includes(by)) state.answeredBy = [...answeredBy, by]
}
