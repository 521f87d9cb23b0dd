export { openReports } from './open.ts'
