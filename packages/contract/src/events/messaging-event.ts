import { z } from 'zod'
import type { CbotEventType } from './cbot-event-type.ts'
import { CommandResult } from './commands.ts'
import type { EventDefinition, Template } from './event.ts'
import { General, SECTIONS } from './messaging-payload.ts'
import { messagingSample } from './messaging-sample.ts'
import { messagingTemplate } from './messaging-template.ts'

/** What the eight events of the Controller Bot have in common. */
export function messagingEvent(own: {
  id: string
  name: string
  description: string
  section?: keyof typeof SECTIONS
  sampleType: CbotEventType
  hint: string
  templates?: Template[]
}): EventDefinition {
  const code = messagingTemplate(own.hint)
  return {
    id: own.id,
    name: own.name,
    description: own.description,
    source: 'Controller Bot',
    limit: 1,
    supportsSkills: true,
    payload: z.object({
      general: General,
      ...(own.section === undefined ? {} : { [own.section]: SECTIONS[own.section] }),
    }),
    result: CommandResult,
    samplePayload: messagingSample(own.sampleType),
    templates: [
      { name: own.name, description: `Answers "${own.name}" with a message.`, code },
      ...(own.templates ?? []),
    ],
    skeleton: code,
  }
}
