export { openSurveyAssignments, type SurveyAssignments } from './survey-assignments.ts'
export { openSurveyBot, type SurveyBot, type SurveyBotDeps } from './open.ts'
