import { surveyEvent } from './survey-event.ts'

export const surveyStarted = surveyEvent({
  id: 'surveybot_messaging_survey_started',
  name: 'Messaging Survey Started',
  description: 'A post conversation survey has asked its first question.',
})
