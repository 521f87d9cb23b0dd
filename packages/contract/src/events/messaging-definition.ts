import { CommandResult } from '../commands/index.ts'
import type { CbotEventType } from './cbot-event-type.ts'
import type { EventDefinition, Template } from './event.ts'
import { MessagingPayload } from './messaging-payload.ts'
import { messagingSample } from './messaging-sample.ts'
import { messagingTemplate } from './messaging-template.ts'

/** What the events of the Controller Bot have in common. */
export function messagingDefinition(event: {
  id: string
  name: string
  description: string
  sampleType: CbotEventType
  hint: string
  answer: string
  templates?: Template[]
}): EventDefinition {
  const { id, name, description } = event
  const code = messagingTemplate(event)
  return {
    id,
    name,
    description,
    source: 'Controller Bot',
    limit: 1,
    supportsSkills: true,
    payload: MessagingPayload,
    result: CommandResult,
    samplePayload: messagingSample(event.sampleType),
    templates: [
      { name, description: `Answers "${name}" with a message.`, code },
      ...(event.templates ?? []),
    ],
    skeleton: code,
  }
}
