import { surveyEvent } from './survey-event.ts'

/** `spec/events.md` 3. */
export const surveyStarted = surveyEvent({
  id: 'surveybot_messaging_survey_started',
  name: 'Messaging Survey Started',
  description: 'A post conversation survey has asked its first question.',
})
