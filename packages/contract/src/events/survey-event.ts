import * as z from 'zod'
import type { EventDefinition } from './event.ts'
import { SurveyPayload } from './survey-payload.ts'
import { surveySample } from './survey-sample.ts'

const code = `function lambda(input, callback) {
  const { conversationId, surveyId, lastQuestionId } = input.payload;
  console.info(\`Survey \${surveyId} of conversation \${conversationId}\`, { lastQuestionId });
  // The survey bot does not use the result.
  callback(null, 'ok');
}
`

/** What the two events of the survey bot have in common. */
export function surveyEvent(own: {
  id: string
  name: string
  description: string
}): EventDefinition {
  return {
    ...own,
    source: 'Post Survey Bot',
    limit: 1,
    supportsSkills: true,
    payload: SurveyPayload,
    result: z.unknown(),
    samplePayload: surveySample,
    templates: [{ name: own.name, description: `Logs "${own.name}".`, code }],
    skeleton: code,
  }
}
