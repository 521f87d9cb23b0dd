export { openSurveyAssignments, type SurveyAssignments } from './survey-assignments.ts'
export { openSurveyBot, type SurveyBot } from './open.ts'
