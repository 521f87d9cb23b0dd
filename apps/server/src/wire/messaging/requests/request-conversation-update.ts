import { messaging } from '@parley/contract'
import type * as z from 'zod'
import type { FieldChange } from '#messaging/conversations'
import { ParleyError } from '#base/kernel'
import {
  type Answer,
  bareUserId,
  metadataOf,
  parseBody,
  type Request,
  sentence,
} from '#wire/messaging/format'
import type { Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'

type Field = z.infer<typeof messaging.UpdateConversationFieldBody>['conversationField'][number]

const WORDS: Record<Field['field'], string> = {
  ConversationStateField: 'OK Conversation resolved successfully',
  Stage: 'OK Conversation resolved successfully',
  DialogChange: 'OK Dialog closed successfully',
  ParticipantsChange: 'OK Agent updated successfully',
  Skill: 'OK Skill updated successfully',
  TTRField: 'OK TTR updated successfully',
  ManualETTR: 'OK ETTR updated successfully',
  CSATRate: 'OK CSAT updated successfully',
}

const PARTICIPANT_WORDS = {
  ADD: 'OK Agent added successfully',
  REMOVE: 'OK Agent removed successfully',
  UPDATE: 'OK Agent updated successfully',
  SUGGEST: 'OK Agent suggested successfully',
}

/** Fields of which only the names are published. */
const NOT_SUPPORTED = new Set<unknown>(['Note', 'DelayField', 'TopicField'])

/** @throws ParleyError `not_supported` */
function refuseUnsupported(body: unknown): void {
  if (typeof body !== 'object' || body === null || !('conversationField' in body)) return
  for (const part of [body.conversationField].flat()) {
    if (typeof part !== 'object' || part === null || !('field' in part)) continue
    if (!NOT_SUPPORTED.has(part.field)) continue
    throw new ParleyError(
      'not_supported',
      `"${String(part.field)}" is not supported by this server`,
    )
  }
}

/** Changes all fields of one request in one commit, or none. */
export async function updateConversationField(
  { conversations }: Deps,
  { accountId, reader }: Session,
  request: Request,
): Promise<Answer> {
  refuseUnsupported(request.body)
  const body = parseBody(messaging.UpdateConversationFieldBody, request.body)
  const { conversationId, conversationField } = body
  const changes = conversationField.map((field) => fieldChange(accountId, field))
  const metadata = metadataOf(request)
  await conversations.updateConversation(accountId, reader, conversationId, changes, metadata)
  return sentence(wordsFor(conversationField))
}

function wordsFor([field]: readonly Field[]): string {
  if (!field) return 'OK'
  return field.field === 'ParticipantsChange' ? PARTICIPANT_WORDS[field.type] : WORDS[field.field]
}

function fieldChange(accountId: string, field: Field): FieldChange {
  switch (field.field) {
    case 'ConversationStateField':
    case 'Stage':
      return { field: 'close' }
    case 'DialogChange':
      return {
        field: 'close-dialog',
        dialogId: field.dialog.dialogId,
        closedCause: field.dialog.closedCause,
      }
    case 'ParticipantsChange':
      return {
        field: 'participants',
        type: field.type,
        role: field.role,
        agentId: field.userId === undefined ? undefined : bareUserId(accountId, field.userId),
      }
    case 'Skill':
      return { field: 'skill', skillId: field.skill }
    case 'TTRField':
      return { field: 'ttr', ttrType: field.ttrType, value: field.value }
    case 'ManualETTR':
      return { field: 'manual-ettr', at: field.time }
    case 'CSATRate': {
      const { field: _name, ...rate } = field
      return { field: 'csat', rate }
    }
  }
}
