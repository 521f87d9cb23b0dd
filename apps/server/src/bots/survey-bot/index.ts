export { openSurveyBot, type SurveyBot, type SurveyBotDeps } from './open.ts'
