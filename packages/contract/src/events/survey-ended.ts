import { surveyEvent } from './survey-event.ts'

/** `spec/events.md` 3. */
export const surveyEnded = surveyEvent({
  id: 'surveybot_messaging_survey_ended',
  name: 'Messaging Survey Ended',
  description: 'A post conversation survey has been completed or has expired.',
})
