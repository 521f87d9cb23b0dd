import * as z from 'zod'
import type { EventDefinition } from './event.ts'

const name = 'Conversational Command'

const code = `function lambda(input, callback) {
  const { conversationId, arguments: [verb, ...rest] } = input.payload;
  if (verb === 'echo' && rest.length > 0) return callback(null, rest.join(' '));
  if (verb === 'id') return callback(null, conversationId);
  return callback(new Error('Use: echo <text> | id'), null);
}
`

/** `spec/events.md` 5. */
export const conversationalCommand: EventDefinition = {
  id: 'conversational_command',
  name,
  description:
    'An agent has typed "/" and chosen this command in the workspace. Name and description of the function are what the agent sees.',
  source: 'Agent Workspace',
  limit: 30,
  supportsSkills: false,
  payload: z.object({
    conversationId: z.string().describe('The id of the conversation'),
    arguments: z.array(z.string()).describe('What the agent has typed after the command'),
  }),
  result: z.union([z.string(), z.number()]),
  samplePayload: {
    headers: [],
    payload: { conversationId: '4711', arguments: ['echo', 'this', 'message'] },
  },
  templates: [
    { name, description: 'Shows the agent what was typed, or the conversation id.', code },
  ],
  skeleton: code,
}
