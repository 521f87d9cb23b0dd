import { z } from 'zod'
import { CommandResult } from '../commands/index.ts'
import type { CbotEventType } from './cbot-event-type.ts'
import type { EventDefinition, Template } from './event.ts'
import { General } from './messaging-payload.ts'
import { messagingSample } from './messaging-sample.ts'
import { messagingTemplate } from './messaging-template.ts'

/** What the events of the Controller Bot have in common. */
export function messagingDefinition(event: {
  id: string
  name: string
  description: string
  section?: { name: string; schema: z.ZodType }
  sampleType: CbotEventType
  hint: string
  templates?: Template[]
}): EventDefinition {
  const { id, name, description, section } = event
  const code = messagingTemplate(event.hint)
  return {
    id,
    name,
    description,
    source: 'Controller Bot',
    limit: 1,
    supportsSkills: true,
    payload: z.object({ general: General, ...(section && { [section.name]: section.schema }) }),
    result: CommandResult,
    samplePayload: messagingSample(event.sampleType),
    templates: [
      { name, description: `Answers "${name}" with a message.`, code },
      ...(event.templates ?? []),
    ],
    skeleton: code,
  }
}
