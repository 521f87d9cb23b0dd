import type { AutomaticMessage } from '@parley/contract'
import type { PreviewLine } from '../../consumer/preview/scene.ts'
import { messageWords as t } from './words.ts'

/** A conversation in which the message is said, with `text` or without it. */
export function linesOf(type: AutomaticMessage['type'], text: string | undefined): PreviewLine[] {
  const consumer: PreviewLine = { by: 'consumer', text: t.said.consumer }
  const agent: PreviewLine = { by: 'agent', text: t.said.agent }
  const message: PreviewLine[] = text === undefined ? [] : [{ by: 'automatic', text }]
  // A greeting is followed by what the consumer says; a silence follows what was said.
  if (type.startsWith('CONSUMER_OPEN_NEW_CONVERSATION')) return [consumer, ...message]
  if (type === 'CONSUMER_SEND_MESSAGE_ON_OFFHOURS' || type === 'CONV_AWAITING_IN_QUEUE') {
    return [consumer, ...message]
  }
  if (type === 'YOU_ARE_CONNECTED_TO') return [consumer, ...message, agent]
  return [consumer, agent, ...message]
}
